import type { Millis } from '@capstan/runtime';
import type { Decision, MemberRules, Observation, Rules } from './decision.ts';
import { own } from './own.ts';
import { byName } from './shares.ts';
import { millisSince, observed } from './standing.ts';

/** What a choice is made by. */
export interface Choice {
  /** Those that may have traffic. */
  readonly candidates: readonly MemberRules[];
  readonly before: Pick<Decision, 'weights' | 'since'> | undefined;
  readonly observations: Readonly<Record<string, Observation>>;
  readonly at: Millis;
}

/** The candidates that traffic is divided among. */
export function chosen(rules: Rules, choice: Choice): readonly MemberRules[] {
  const { candidates } = choice;
  switch (rules.strategy) {
    case 'weighted':
      return candidates;
    case 'priority': {
      const first = Math.min(...candidates.map(({ priority }) => priority));
      return candidates.filter(({ priority }) => priority === first);
    }
    case 'latency-based':
      return fastest(rules, choice);
  }
}

/** The one that has the traffic keeps it until another is faster by more than the band, and it has had it for the hold. */
function fastest(rules: Rules, { candidates, before, observations, at }: Choice): readonly MemberRules[] {
  const latencyOf = ({ name }: MemberRules) => observed(observations, name).latency ?? Number.POSITIVE_INFINITY;
  const ranked = candidates.toSorted(
    // Two that were never measured are equal: infinity less infinity is no number.
    (a, b) =>
      (latencyOf(a) === latencyOf(b) ? 0 : latencyOf(a) - latencyOf(b)) || a.priority - b.priority || byName(a, b),
  );
  const best = ranked.slice(0, 1);
  const [present, ...others] = candidates.filter(({ name }) => own(before?.weights, name) !== undefined);
  if (present === undefined || others.length > 0 || before === undefined) return best;
  const isHeld = millisSince(before.since, at) < rules.hold;
  const [rival] = best;
  if (rival === undefined || isHeld || !isFaster(latencyOf(rival), latencyOf(present), rules)) return [present];
  return best;
}

/** One whose latency is not known any more has failed; whether it loses its traffic for that is not decided by speed. */
function isFaster(rival: number, present: number, { band }: Rules): boolean {
  if (!Number.isFinite(present)) return false;
  return rival < present * (1 - band.percent / 100) && present - rival >= band.atLeast;
}
