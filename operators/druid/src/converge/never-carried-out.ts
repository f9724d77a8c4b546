import type { Answer } from '../druid/druid-api.ts';
import { isUndone } from '../druid/undone.ts';
import type { Trouble } from './not-answered.ts';

/** Why what was asked for has certainly not been done, so that it may be asked for again; `undefined` when it may have been. Pure. */
export function whyNeverCarriedOut(answer: Answer<unknown>): Trouble | undefined {
  if (answer.kind === 'Denied') return answer;
  return answer.kind === 'Unreachable' && isUndone(answer) ? answer : undefined;
}
