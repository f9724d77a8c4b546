/** How often something may happen. */
export interface Rate {
  /** On average; more than 0, also fractions. */
  readonly passesPerSecond: number;
  /** How many may go at once after a pause; at least 1. */
  readonly burst: number;
}

/** What a token may lack by rounding; far less than a microsecond of any rate in use. */
const rounding = 1e-9;

/** Lets things happen at a rate: each takes a token, and tokens come back one after the other. Times are monotonic ms. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at = Number.NEGATIVE_INFINITY;

  /** @throws {RangeError} for a rate under which nothing would ever go */
  constructor({ passesPerSecond, burst }: Rate) {
    if (!(passesPerSecond > 0))
      throw new RangeError(`rate.passesPerSecond is ${passesPerSecond}: it must be more than 0`);
    if (!(burst >= 1)) throw new RangeError(`rate.burst is ${burst}: it must be at least 1`);
    this.#perMs = passesPerSecond / 1_000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** When the next may go: `now` or later. */
  nextAt(now: number): number {
    const missing = 1 - this.#tokensAt(now);
    return missing <= rounding ? now : now + missing / this.#perMs;
  }

  /** Counts one that goes; call it only when {@link TokenBucket.nextAt} is not in the future. */
  take(now: number): void {
    this.#tokens = this.#tokensAt(now) - 1;
    this.#at = now;
  }

  #tokensAt(now: number): number {
    if (this.#at === Number.NEGATIVE_INFINITY) return this.#tokens;
    return Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
  }
}
