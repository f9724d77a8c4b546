import type { Clock } from '@capstan/kube';

interface TokenBucketOptions {
  readonly clock: Clock;
  /** How many may go at once. */
  readonly burst: number;
  /** One more may go after each of these, in ms. */
  readonly refillMs: number;
}

/** More objects than this are not told apart: the one that has been quiet longest starts anew. */
const MOST_BUCKETS = 4_096;

/** A rate limit for each key by itself. */
export class TokenBuckets {
  readonly #options: TokenBucketOptions;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(options: TokenBucketOptions) {
    this.#options = options;
  }

  /** @returns whether one more may go now for this key */
  take(key: string): boolean {
    const { clock, burst, refillMs } = this.#options;
    const now = clock.monotonic();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs);
    const isAllowed = tokens >= 1;
    // Taken out and put in again: the map then runs from the quietest key to the latest.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    this.#dropQuietest();
    return isAllowed;
  }

  #dropQuietest(): void {
    if (this.#buckets.size <= MOST_BUCKETS) return;
    const [quietest] = this.#buckets.keys();
    if (quietest !== undefined) this.#buckets.delete(quietest);
  }
}
