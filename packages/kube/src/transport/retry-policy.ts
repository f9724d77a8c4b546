import { fullJitter } from '../backoff.ts';

/**
 * How often a request may reach the server without harm.
 * - `read`: any number of times, answered or not;
 * - `idempotent`: again after the server said that it did nothing (429, 503), not when an answer was lost;
 * - `once`: again only after 429, which is given before anything is looked at;
 * - `never`: the caller decides.
 */
export type Repeatable = 'read' | 'idempotent' | 'once' | 'never';

/** How one attempt ended, where it did not end well. */
export type Setback =
  | { readonly kind: 'lost'; readonly maySent: boolean }
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterSeconds: number | undefined };

const MAX_LOST = 3;
const MAX_ASKED_TO_WAIT = 5;
const LOST_BACKOFF = { baseMs: 100, maxMs: 2_000 };

/**
 * Milliseconds to wait before attempt `attempt + 1`, or `undefined` to give up.
 *
 * A `Retry-After` is waited for in full, with up to a quarter more at random so that callers do not return all at once.
 */
export function retryDelayMs(
  setback: Setback,
  attempt: number,
  repeatable: Repeatable,
  random: () => number,
): number | undefined {
  if (repeatable === 'never') return undefined;
  if (setback.kind === 'lost') {
    const safe = repeatable === 'read' || !setback.maySent;
    return safe && attempt <= MAX_LOST ? fullJitter(LOST_BACKOFF, attempt, random) : undefined;
  }
  if (setback.retryAfterSeconds === undefined || attempt > MAX_ASKED_TO_WAIT) return undefined;
  if (!mayRepeatAfter(setback.status, repeatable)) return undefined;
  return setback.retryAfterSeconds * 1000 * (1 + random() / 4);
}

function mayRepeatAfter(status: number, repeatable: Repeatable): boolean {
  if (status === 429) return true;
  if (status === 503) return repeatable !== 'once';
  return status >= 500 && repeatable === 'read';
}
