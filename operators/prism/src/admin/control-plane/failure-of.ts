import { type ServiceError, status } from '@grpc/grpc-js';
import type { Failure } from './control-plane.ts';

/** What prism-admin says when it has not got a leader, in each of the ways it was heard to. */
const noLeader = /no leader|not (the )?leader|failed to connect to leader/i;

/** The most that is told of what prism-admin says. */
const longestQuote = 256;

/**
 * What an error of gRPC means to the caller. What the library says of connections has times and addresses in it, which would be
 * another text each time; so it is told in words of ours.
 *
 * @param timeoutMs how long the call was waited for
 */
export function failureOf({ code, details }: Pick<ServiceError, 'code' | 'details'>, timeoutMs: number): Failure {
  if (code === status.FAILED_PRECONDITION) return { kind: 'WaitingForProxy', message: quoted(details) };
  if (code === status.DEADLINE_EXCEEDED)
    return { kind: 'Unreachable', message: `prism-admin did not answer within ${timeoutMs / 1_000} s` };
  if (code === status.UNAVAILABLE || isCutOff(code, details)) return unavailable(details);
  return { kind: 'Refused', message: `prism-admin answers ${status[code] ?? code}: ${quoted(details)}` };
}

/** How the library puts it when the other side ends in the middle of a call. */
function isCutOff(code: status, details: string): boolean {
  return code === status.CANCELLED || (code === status.INTERNAL && /RST_STREAM|ECONNRESET/.test(details));
}

function unavailable(details: string): Failure {
  if (noLeader.test(details)) return { kind: 'NoLeader', message: 'prism-admin has no leader, and takes no writes' };
  return { kind: 'Unreachable', message: `prism-admin cannot be reached: ${causeOf(details)}` };
}

const causes: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'the connection is refused'],
  [/ENOTFOUND|Name resolution failed|EAI_AGAIN/, 'its name cannot be resolved'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, 'there is no way to its address'],
];

function causeOf(details: string): string {
  return causes.find(([pattern]) => pattern.test(details))?.[1] ?? 'the connection was lost';
}

/** In one line, without what a terminal would act upon. */
function quoted(details: string): string {
  const line = details.replace(/\p{C}+/gu, ' ').trim();
  return line.length <= longestQuote ? line : `${line.slice(0, longestQuote - 1)}…`;
}
