import { type Clock, sleepOn, type Timer } from '../clock.ts';

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#nowMs + ms, callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Moves on, running what falls due in order. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowMs = Math.max(this.#nowMs, due.at);
      due.callback();
    }
    this.#nowMs = until;
  }
}

/** The machine's clock, but sleeping takes no time; what was slept is written down. */
export function sleeplessClock(clock: Clock): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
  };
  return { ...clock, slept, sleep };
}
