/** Something the user asked for cannot be done; the message says why and what to do instead. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Errors of the packages below whose message is for people. By name, so that telling a failure loads none of them. */
const forPeople: ReadonlySet<string> = new Set([
  'UserError',
  'ControlPlaneError',
  'KubeConfigError',
  'ApiError',
  'NoConnection',
  'TransportError',
]);

/**
 * Tells a failure on stderr and gives the exit code. What a person can act on is one text without a stack; anything else
 * is a defect of ours, and its stack helps to report it.
 * @param program begins the text
 */
export function reportFailure(error: unknown, program = 'capstan'): number {
  if (error instanceof Error && forPeople.has(error.name)) console.error(`${program}: ${error.message}`);
  else console.error(error);
  return 1;
}
