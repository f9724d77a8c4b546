import type { Answer } from '../druid/druid-api.ts';
import type { Trouble } from './not-answered.ts';

const beforeTheCall: readonly (string | undefined)[] = ['NoConnection', 'Busy', 'NotAllowed', 'Untrusted'];

/** Why what was asked for has certainly not been done, so that it may be asked for again; `undefined` when it may have been. Pure. */
export function whyNeverCarriedOut(answer: Answer<unknown>): Trouble | undefined {
  if (answer.kind === 'Denied') return answer;
  if (answer.kind !== 'Unreachable') return undefined;
  return beforeTheCall.includes(answer.reason) || answer.status === 503 ? answer : undefined;
}
