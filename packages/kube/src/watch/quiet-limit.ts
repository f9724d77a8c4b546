import type { Clock, Timer } from '../clock.ts';

/**
 * Aborts a request on which nothing has come for too long, or whose caller aborts.
 * Noting an event costs one reading of the clock, not one timer.
 */
export class QuietLimit {
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #abort = new AbortController();
  readonly #onOuterAbort: () => void;
  #limitMs: number;
  #heardAt: number;
  #timer: Timer;
  #exceeded = false;

  constructor(clock: Clock, limitMs: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    this.#limitMs = limitMs;
    this.#heardAt = clock.monotonic();
    this.#onOuterAbort = () => this.#abort.abort(outer.reason);
    outer.addEventListener('abort', this.#onOuterAbort, { once: true });
    if (outer.aborted) this.#onOuterAbort();
    this.#timer = clock.setTimeout(() => this.#check(), limitMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the request was ended because nothing came. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  /** Something came; from now on at most `limitMs` may pass until the next. */
  heard(limitMs: number): void {
    this.#heardAt = this.#clock.monotonic();
    if (limitMs === this.#limitMs) return;
    this.#limitMs = limitMs;
    this.#timer.cancel();
    this.#timer = this.#clock.setTimeout(() => this.#check(), limitMs);
  }

  end(): void {
    this.#timer.cancel();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  #check(): void {
    const leftMs = this.#heardAt + this.#limitMs - this.#clock.monotonic();
    if (leftMs > 0) {
      this.#timer = this.#clock.setTimeout(() => this.#check(), leftMs);
      return;
    }
    this.#exceeded = true;
    this.#abort.abort(new Error(`nothing came for ${this.#limitMs} ms`));
  }
}
