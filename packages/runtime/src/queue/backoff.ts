/** How long to wait before the n-th try again. */
export interface BackoffOptions {
  /** The most the first wait may be, in ms. */
  readonly baseMs: number;
  /** The most any wait may be, in ms. */
  readonly maxMs: number;
}

/** Soon after a passing fault, and at most every 15 s on average while an outage lasts. */
export const defaultBackoff: BackoffOptions = { baseMs: 500, maxMs: 30_000 };

/**
 * Exponential backoff with full jitter: anything from 0 to `baseMs * 2^(failures - 1)`, at most `maxMs`, so that keys that
 * failed together do not come back together.
 *
 * @param failures how often in a row it has failed, from 1
 * @param random in [0, 1)
 */
export function backoffMs(
  failures: number,
  random: () => number,
  { baseMs, maxMs }: BackoffOptions = defaultBackoff,
): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (failures - 1));
}
