import { type Clock, systemClock, type Timer } from '@capstan/kube';

/**
 * The machine's clock, which a test sets forward: what the operator looks at once in five minutes is looked at in the next pass, and
 * what it may write a minute later is written. Timers go on as they are.
 */
export class ForwardClock implements Clock {
  #aheadMs = 0;

  /** Sets it forward, in ms. */
  skip(ms: number): void {
    this.#aheadMs += ms;
  }

  now(): number {
    return systemClock.now() + this.#aheadMs;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#aheadMs;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    return systemClock.setTimeout(callback, ms);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}
