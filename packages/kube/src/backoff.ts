/** How the wait between attempts grows. */
export interface Backoff {
  /** The longest first wait, in milliseconds. */
  readonly baseMs: number;
  /** The longest wait ever, in milliseconds. */
  readonly maxMs: number;
}

/**
 * A random wait between 0 and `baseMs * 2^(attempt - 1)`, at most `maxMs`, in milliseconds; `attempt` counts from 1.
 *
 * Full jitter spreads callers that failed together evenly over the whole wait
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function fullJitter(backoff: Backoff, attempt: number, random: () => number): number {
  return random() * Math.min(backoff.maxMs, backoff.baseMs * 2 ** (attempt - 1));
}
