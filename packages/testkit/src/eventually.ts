import { type Clock, systemClock } from '@capstan/kube';

export interface EventuallyOptions {
  /** How long to wait at most, in ms; 30,000 unless told. */
  readonly timeout?: number;
  /** Pause between two looks, in ms; 25 unless told. */
  readonly interval?: number;
  readonly clock?: Clock;
}

export interface NeverOptions {
  /** How long to look, in ms. */
  readonly during: number;
  /** Pause between two looks, in ms; 25 unless told. */
  readonly interval?: number;
  readonly clock?: Clock;
}

/**
 * Resolves with what `assertion` returns as soon as it no longer throws.
 * @throws the last error of `assertion`, when the time is over
 *
 * @example
 * ```ts
 * await eventually(async () => expect(await client.get(ConfigMap, ref)).toBeDefined());
 * ```
 */
export async function eventually<T>(assertion: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeout = 30_000, interval = 25, clock = systemClock } = options;
  const deadline = clock.monotonic() + timeout;
  for (;;) {
    const look = await tried(assertion);
    if (look.passed) return look.value;
    if (clock.monotonic() >= deadline) throw look.error;
    await clock.sleep(interval);
  }
}

/**
 * Resolves when `assertion` kept throwing the whole time. One look is made at the very end.
 * @throws {Error} as soon as `assertion` holds
 *
 * @example
 * ```ts
 * await never(async () => expect(await writesOf(operator)).not.toEqual([]), { during: 2_000 });
 * ```
 */
export async function never(
  assertion: () => unknown,
  { during, interval = 25, clock = systemClock }: NeverOptions,
): Promise<void> {
  const start = clock.monotonic();
  for (;;) {
    const waited = clock.monotonic() - start;
    const look = await tried(assertion);
    if (look.passed) throw new Error(`what must never hold held after ${Math.round(waited)} ms`);
    if (waited >= during) return;
    await clock.sleep(Math.min(interval, during - waited));
  }
}

type Look<T> = { readonly passed: true; readonly value: T } | { readonly passed: false; readonly error: unknown };

async function tried<T>(assertion: () => T | Promise<T>): Promise<Look<T>> {
  try {
    return { passed: true, value: await assertion() };
  } catch (error) {
    return { passed: false, error };
  }
}
