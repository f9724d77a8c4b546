import { waitUntil } from '@capstan/controlplane';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText, formatDuration } from '../../terminal/duration.ts';
import { DemoFailure } from '../demo-failure.ts';
import type { Scene } from './exhibit.ts';

const lookMs = 10;

/** Something that is done, and what is to come of it. */
export interface Deed {
  readonly act: () => Promise<unknown>;
  /** What is waited for, in words, for the failure. */
  readonly what: string;
  readonly holds: () => Promise<boolean>;
}

/**
 * Does something and waits for what is to come of it, looked at a hundred times a second; gives how long both took: `48 ms`, `3.4 s`.
 * @throws {DemoFailure} when it does not come about in time
 */
export async function timeTaken(
  { timeoutMs, signal }: Pick<Scene, 'timeoutMs' | 'signal'>,
  { act, what, holds }: Deed,
  clock: Clock = systemClock,
): Promise<string> {
  const startedAt = clock.monotonic();
  await act();
  const inTime = await waitUntil(holds, { timeoutMs, intervalMs: lookMs, signal });
  if (!inTime) throw new DemoFailure(`not reached after ${durationText(timeoutMs)}: ${what}`);
  const took = clock.monotonic() - startedAt;
  return took < 1_000 ? formatDuration(took) : durationText(took);
}
