import { setTimeout as delay } from 'node:timers/promises';

/** How often to look, and when to give up. */
export interface WaitLimits {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks again and again until `condition` holds. False when the time is over; rejects when `signal` aborts or `condition` rejects. */
export async function waitUntil(condition: () => Promise<boolean>, limits: WaitLimits): Promise<boolean> {
  const deadline = performance.now() + limits.timeoutMs;
  for (;;) {
    limits.signal?.throwIfAborted();
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await pause(limits);
  }
}

/** Sleeps one interval; a signal that aborts meanwhile is the caller's reason to end, not a broken timer. */
async function pause({ intervalMs, signal }: WaitLimits): Promise<void> {
  try {
    await delay(intervalMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
