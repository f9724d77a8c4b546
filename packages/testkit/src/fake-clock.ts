import { type Clock, sleepOn, type Timer } from '@capstan/kube';

interface PendingTimer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until the test moves it. Wall clock and monotonic clock go together, from
 * 2026-01-01T00:00:00Z and 0 unless told.
 *
 * @example
 * ```ts
 * const clock = new FakeClock();
 * const slept = clock.sleep(1_000);
 * await clock.advance(1_000);
 * await slept;
 * ```
 */
export class FakeClock implements Clock {
  readonly #startedAt: number;
  #elapsed = 0;
  readonly #timers = new Set<PendingTimer>();

  /** @param startedAt epoch ms at the start */
  constructor(startedAt: number = Date.parse('2026-01-01T00:00:00Z')) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#elapsed + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** How many timers are set: 0 when nothing waits any more. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /**
   * Moves time on by `ms`, firing on the way what falls due: by time, then in the order it was set, timers that are set
   * meanwhile included. Promises settle before each timer and at the end.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settled();
    for (let timer = this.#nextUntil(until); timer !== undefined; timer = this.#nextUntil(until)) {
      this.#timers.delete(timer);
      this.#elapsed = timer.at;
      timer.callback();
      await settled();
    }
    this.#elapsed = until;
    await settled();
  }

  #nextUntil(until: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}

/** Resolves when every promise reaction that was ready, and those they made ready, have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
