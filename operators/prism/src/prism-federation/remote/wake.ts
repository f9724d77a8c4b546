import type { Clock } from '@capstan/kube';

/** Something that sleeps, and can be woken. */
export class Wake {
  readonly #clock: Clock;
  #isCalled = false;
  #call: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the sleep there is, or the next one at once. */
  up(): void {
    this.#isCalled = true;
    this.#call?.();
  }

  /** Resolves when it is woken, after so many ms or when the signal aborts. */
  async wait(ms: number, stop: AbortSignal): Promise<void> {
    if (!this.#isCalled) {
      const woken = new AbortController();
      this.#call = () => woken.abort();
      await this.#clock.sleep(ms, AbortSignal.any([stop, woken.signal])).catch(() => {}); // Only the signals end a sleep.
      this.#call = undefined;
    }
    this.#isCalled = false;
  }
}
