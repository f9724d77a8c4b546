import type { Phase } from '../api/v1alpha1/status.ts';
import { blockerOf, idlePatterns } from './blockers.ts';
import type { ComponentState } from './component-state.ts';
import type { Situation } from './situation.ts';

/**
 * The one word that sums a cluster up.
 *
 * - `Failed`: the spec is refused, or the first start cannot come to an end.
 * - `Pending`: not everything has run together yet, and nothing is wrong.
 * - `Running`: everything that is wanted is available; also while it is being updated, and while a pattern that came later starts.
 * - `Degraded`: something is not available, or a pattern is not started.
 */
export function phaseOf(situation: Situation): Phase {
  const { refusal, initialized, isFirstStart } = situation;
  if (refusal !== undefined) return 'Failed';
  const isBlocked = blockerOf(situation) !== undefined;
  if (!initialized) return isBlocked ? 'Failed' : 'Pending';
  if (isServing(situation) && !isBlocked) return 'Running';
  return isFirstStart && !isBlocked && idlePatterns(situation) === undefined ? 'Pending' : 'Degraded';
}

function isServing({ components, observed: { leadership }, isFirstStart, failures }: Situation): boolean {
  const hasLeader = leadership.kind === 'One' || leadership.kind === 'Unknown';
  // Nobody misses yet what has only just been asked for.
  const mayStart = !isFirstStart && failures.length === 0;
  const isMissed = ({ isAvailable, isStarting, part }: ComponentState) =>
    !isAvailable && !(mayStart && isStarting && part === 'pattern');
  return hasLeader && !components.some(isMissed);
}
