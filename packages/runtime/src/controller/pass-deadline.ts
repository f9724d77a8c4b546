import type { Clock, Timer } from '@capstan/kube';
import { type Millis, seconds } from '../duration.ts';

/** How long a pass may go on after its signal aborted before its worker turns to others. */
const graceMs: Millis = seconds(5);

/** A pass took too long and was cut off. */
export class PassTimeout extends Error {
  override readonly name = 'PassTimeout';
}

/** The time one pass may take. Call {@link PassDeadline.end} when the pass has ended. */
export class PassDeadline {
  /** Aborts at the deadline with a {@link PassTimeout}, or with `abandon`. */
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  readonly #exceeded = new AbortController();
  readonly #ignored = Promise.withResolvers<'ignored'>();
  #timer: Timer;

  constructor(clock: Clock, limitMs: number, abandon: AbortSignal) {
    this.#clock = clock;
    this.signal = AbortSignal.any([abandon, this.#exceeded.signal]);
    this.#timer = clock.setTimeout(() => {
      const message = `the pass took longer than ${limitMs / 1_000} s and was cut off: look for a call without "signal: pass.signal"`;
      this.#exceeded.abort(new PassTimeout(message));
    }, limitMs);
    if (this.signal.aborted) this.#grant();
    else this.signal.addEventListener('abort', this.#grant, { once: true });
  }

  get isExceeded(): boolean {
    return this.#exceeded.signal.aborted;
  }

  /** Resolves when the pass has gone on for a while although its signal aborted. */
  get ignored(): Promise<'ignored'> {
    return this.#ignored.promise;
  }

  end(): void {
    this.signal.removeEventListener('abort', this.#grant);
    this.#timer.cancel();
  }

  readonly #grant = () => {
    this.#timer.cancel();
    this.#timer = this.#clock.setTimeout(() => this.#ignored.resolve('ignored'), graceMs);
  };
}
