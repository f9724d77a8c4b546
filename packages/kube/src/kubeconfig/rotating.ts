import type { Clock } from '../clock.ts';

/** A value that may change behind our back: read when it is needed, renewed when the server no longer accepts it. */
export interface Supply<T> {
  current(): Promise<T>;
  /** Looks again at once. True when `current()` may now answer differently than a moment ago. */
  renew(): Promise<boolean>;
}

interface RotatingOptions<T> {
  readonly load: () => Promise<T>;
  readonly clock: Clock;
  /** Whether two readings mean the same; then the former object is kept, so that callers may compare by identity. */
  readonly same?: (a: T, b: T) => boolean;
  /** How long a reading is trusted before the next `current()` reads again. 10 s unless told. */
  readonly trustedForMs?: number;
}

/** Requests that were under way when a file rotated see their 401 a little later than the first: they may all try again. */
const RECENT_CHANGE_MS = 30_000;

/**
 * A value read from files that rotate, such as a projected service account token.
 *
 * A failed reading after a good one keeps the good one: a file is briefly absent or half written while it rotates, and
 * the API server still accepts what was read before.
 */
export class Rotating<T> implements Supply<T> {
  readonly #options: RotatingOptions<T>;
  #held: { readonly value: T; readonly readAt: number; readonly changedAt: number } | undefined;
  #loading: Promise<T> | undefined;

  constructor(options: RotatingOptions<T>) {
    this.#options = options;
  }

  async current(): Promise<T> {
    const held = this.#held;
    const trustedForMs = this.#options.trustedForMs ?? 10_000;
    if (held !== undefined && this.#options.clock.monotonic() - held.readAt < trustedForMs) return held.value;
    return this.#reload();
  }

  async renew(): Promise<boolean> {
    await this.#reload();
    return this.#held !== undefined && this.#options.clock.monotonic() - this.#held.changedAt < RECENT_CHANGE_MS;
  }

  #reload(): Promise<T> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<T> {
    const held = this.#held;
    const readAt = this.#options.clock.monotonic();
    const same = this.#options.same ?? Object.is;
    try {
      const value = await this.#options.load();
      if (held === undefined) this.#held = { value, readAt, changedAt: Number.NEGATIVE_INFINITY };
      else if (same(held.value, value)) this.#held = { ...held, readAt };
      else this.#held = { value, readAt, changedAt: readAt };
      return this.#held.value;
    } catch (error) {
      if (held === undefined) throw error;
      this.#held = { ...held, readAt };
      return held.value;
    }
  }
}

/** A value that never changes. */
export function fixed<T>(value: T): Supply<T> {
  return { current: async () => value, renew: async () => false };
}
