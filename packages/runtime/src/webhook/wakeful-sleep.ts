import type { Clock } from '@capstan/kube';

/** A sleep that can be ended early; a call to `wake` while nobody sleeps ends the next sleep at once. */
export class WakefulSleep {
  readonly #clock: Clock;
  #isDue = false;
  #end: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isDue = true;
    this.#end?.abort();
  }

  /** Resolves after `ms`, or when woken, or when the signal aborts; never rejects. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const end = new AbortController();
    this.#end = end;
    if (!this.#isDue) await this.#clock.sleep(ms, AbortSignal.any([signal, end.signal])).catch(() => {});
    this.#end = undefined;
    this.#isDue = false;
  }
}
