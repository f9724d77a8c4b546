import type { StatefulSet } from '@capstan/kube';

/** How far the brokers are on their way to the StatefulSet's present template. */
export type Rollout =
  /** There is no StatefulSet (yet). */
  | { readonly state: 'Absent' }
  /** Some brokers still run the template before. */
  | { readonly state: 'Rolling'; readonly updated: number; readonly ready: number }
  /** The template is everywhere, or nowhere yet, and not every broker accepts clients. */
  | { readonly state: 'Waiting'; readonly ready: number }
  | { readonly state: 'Complete' };

/**
 * Reads the progress of a StatefulSet with rolling updates.
 *
 * A difference of revisions, not a count, tells a roll-out from a broker that was lost: a deleted pod lowers
 * `updatedReplicas` as well.
 */
export function rolloutOf(statefulSet: StatefulSet | undefined, replicas: number): Rollout {
  if (statefulSet === undefined) return { state: 'Absent' };
  const {
    readyReplicas: ready = 0,
    updatedReplicas: updated = 0,
    currentRevision,
    updateRevision,
  } = statefulSet.status ?? {};
  if (isSeen(statefulSet) && currentRevision !== updateRevision) return { state: 'Rolling', updated, ready };
  if (isNew(statefulSet)) return { state: 'Waiting', ready: 0 };
  if (!isSeen(statefulSet)) return { state: 'Rolling', updated: 0, ready };
  // A pod that replaces a deleted one counts as ready before it counts as updated, and the other way round.
  const serving = Math.min(ready, updated);
  return serving < replicas ? { state: 'Waiting', ready: serving } : { state: 'Complete' };
}

/** The StatefulSet controller has never looked at it: there is no template before this one to roll away from. */
function isNew({ status }: StatefulSet): boolean {
  return (status?.observedGeneration ?? 0) === 0;
}

/** False while the StatefulSet controller has not looked at the latest spec; its counts are of the one before. */
function isSeen({ metadata, status }: StatefulSet): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}
