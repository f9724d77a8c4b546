import { type Millis, minutes } from '../duration.ts';
import type { PassResult } from '../observe/pass-record.ts';
import type { PassOutcome } from '../queue/work-queue.ts';
import type { Outcome } from './outcome.ts';
import type { Result } from './reconciler.ts';

/** What a pass came to: for the queue, and for those who watch. */
export interface PassEnd {
  readonly outcome: PassOutcome;
  readonly result: PassResult;
  readonly error?: string;
}

/** Nothing more is to be done until something happens. */
export const done: PassEnd = { outcome: 'ok', result: 'Done' };

/** Looked at again after a while, if a time is given. */
export function doneUntil(recheckAfterMs: number | undefined): PassEnd {
  return recheckAfterMs === undefined ? done : { outcome: { requeueAfterMs: recheckAfterMs }, result: 'Requeued' };
}

/** Transient failures of children are retried with back-off; the rest comes back at its time. */
export function endOf({ recheckAfterMs }: Result, applied: Outcome | undefined): PassEnd {
  const { failures = [], contests = [] } = applied ?? {};
  if (failures.some(({ terminal }) => !terminal)) return { outcome: { retry: true }, result: 'Retried' };
  const waits = [
    recheckAfterMs,
    applied?.recheckAfterMs,
    ...contests.map(({ retryAfterMs }) => retryAfterMs),
    ...failures.map(({ reason }) => patienceWith(reason)),
  ].filter((wait) => wait !== undefined);
  return doneUntil(waits.length === 0 ? undefined : Math.min(...waits));
}

/** Usually ended by an edit of the resource, but an admission policy refuses with the same words, and may be mended silently. */
const usuallyEndedByAnEdit: ReadonlySet<string> = new Set([
  'Invalid',
  'ImmutableField',
  'BadRequest',
  'SchemaMismatch',
  'VolumeShrinkRefused',
]);

/** How long until a refusal is tried again: what ends it elsewhere (permissions, quotas, a taken name) makes no event. */
function patienceWith(reason: string): Millis {
  return usuallyEndedByAnEdit.has(reason) ? minutes(10) : minutes(1);
}
