import type { Clock, ObjectRef } from '@capstan/kube';
import type { Logger } from 'pino';
import { type Millis, minutes } from '../duration.ts';
import { type BackoffOptions, backoffMs } from '../queue/backoff.ts';
import type { EventSource } from './event-source.ts';

const pauses: BackoffOptions = { baseMs: 1_000, maxMs: 60_000 };

/** A source that ran so long was well: its next failure is a first one. */
const wellAfter: Millis = minutes(1);

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly emit: (ref: ObjectRef, source: string, reason: string) => void;
}

/** Keeps a source of events running until the signal, whatever becomes of it. */
export async function superviseSource(
  source: EventSource,
  { clock, random, log, emit }: SupervisorOptions,
  stop: AbortSignal,
): Promise<void> {
  const sourceLog = log.child({ source: source.name });
  let failures = 0;
  while (!stop.aborted) {
    const startedAt = clock.monotonic();
    const error = await failureOf(source, (ref, reason) => emit(ref, source.name, reason), stop);
    if (stop.aborted) return;
    failures = clock.monotonic() - startedAt >= wellAfter ? 1 : failures + 1;
    const retryInMs = Math.round(backoffMs(failures, random, pauses));
    sourceLog.error(
      { retryInMs, ...(error !== undefined && { err: error }) },
      'event source ended; it is started again',
    );
    await clock.sleep(retryInMs, stop).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
  }
}

/** Runs a source to its end; `undefined` when it ended by itself. */
async function failureOf(
  source: EventSource,
  emit: (ref: ObjectRef, reason: string) => void,
  stop: AbortSignal,
): Promise<unknown> {
  try {
    await source.run(emit, stop);
    return undefined;
  } catch (error) {
    return error ?? new Error('the source threw nothing');
  }
}
