/**
 * The last line of an operator's log, JSON lines of warnings and errors, in words: message, resource and error. As it stands when
 * it is not JSON, as what Node says of a crash; undefined for an empty log.
 */
export function lastWarning(log: string): string | undefined {
  const line = log.trimEnd().split('\n').at(-1) ?? '';
  if (line === '') return undefined;
  const parsed = parse(line);
  if (parsed === undefined) return line;
  const words = [parsed.msg, parsed.resource, parsed.err?.message].filter((word) => word !== undefined);
  return words.join(': ');
}

interface LogLine {
  readonly msg?: string;
  readonly resource?: string;
  readonly err?: { readonly message?: string };
}

function parse(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
