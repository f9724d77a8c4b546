import { clusterRefusal, type PatternSituation } from '../situation.ts';
import type { OriginalObject } from './original-objects.ts';

/**
 * What becomes of the objects that the original operator made for a pattern.
 *
 * - `Kept`: the pattern is not carried out, so nothing takes their place;
 * - `Waiting`: they go once what takes their place is available;
 * - `Going`: nothing needs them any more;
 * - `StillMade`: some are younger than what took their place, so the original operator is at work, and would make them again.
 */
export type Succession =
  | { readonly kind: 'None' }
  | {
      readonly kind: 'Kept' | 'Waiting' | 'Going' | 'StillMade';
      readonly objects: readonly OriginalObject[];
    };

/**
 * Decides it. The new pods come first: a message that nobody subscribes to is lost with core NATS, while one that two get may be
 * recognized. Pure.
 */
export function successionOf(situation: PatternSituation): Succession {
  const { all: objects } = situation.observed.original;
  if (objects.length === 0) return { kind: 'None' };
  if (!isStarted(situation)) return { kind: 'Kept', objects };
  if (objects.some((each) => isYounger(each, situation))) return { kind: 'StillMade', objects };
  return { kind: isOutOfUse(situation) ? 'Going' : 'Waiting', objects };
}

function isStarted(situation: PatternSituation): boolean {
  return situation.standing?.kind === 'Run' && clusterRefusal(situation) === undefined;
}

/** Times are RFC 3339 in UTC, to the second: their text sorts as they do. */
function isYounger({ live }: OriginalObject, { observed: { workload } }: PatternSituation): boolean {
  const [made, succeeded] = [live, workload].map((object) => object?.metadata.creationTimestamp);
  return made !== undefined && succeeded !== undefined && made >= succeeded;
}

/** Another one does its work, or it does none; such pods may even hold the room that the new ones need. */
function isOutOfUse({ isCarriedOut, isUpdating, counts, observed: { original } }: PatternSituation): boolean {
  if (counts === undefined || !isCarriedOut) return false;
  return original.neverWorked || (!isUpdating && counts.available >= counts.wanted);
}
