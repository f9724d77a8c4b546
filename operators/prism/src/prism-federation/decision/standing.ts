import { type Millis, millis } from '@capstan/runtime';
import type { Observation, Rules, Standing } from './decision.ts';
import { own } from './own.ts';

const unknown: Observation = { verdict: 'Unknown', inARow: 0 };

/** What was observed of a member. */
export function observed(observations: Readonly<Record<string, Observation>>, name: string): Observation {
  return own(observations, name) ?? unknown;
}

/**
 * How a member stands after an observation. It leaves after so many failures in a row, and comes back after so many successes in a row
 * and not before it was out for the hold; one that was never in comes in by its first success.
 * @param held false where coming back need not wait, because nobody else is healthy
 */
export function nextStanding(
  before: Standing | undefined,
  { verdict, inARow }: Observation,
  rules: Pick<Rules, 'failureThreshold' | 'successThreshold' | 'hold'>,
  { at, held }: { readonly at: Millis; readonly held: boolean },
): Standing {
  const { is, since, displaced } = before ?? { is: 'New', since: at, displaced: false };
  if (is === 'In' && verdict === 'Unhealthy' && inARow >= rules.failureThreshold)
    return { is: 'Out', since: at, displaced };
  if (is === 'New' && verdict === 'Healthy') return { is: 'In', since: at, displaced: false };
  const isSteady = verdict === 'Healthy' && inARow >= rules.successThreshold;
  const isHeld = held && millisSince(since, at) < rules.hold;
  if (is === 'Out' && isSteady && !isHeld) return { is: 'In', since: at, displaced: false };
  return { is, since, displaced };
}

/** How long ago something was, by a clock that never goes back. */
export function millisSince(since: Millis, at: Millis): Millis {
  return millis(Math.max(0, at - since));
}
