import type { StatefulSet } from '@capstan/kube';

/** How far the brokers are on their way to the StatefulSet's present template. */
export type Rollout =
  /** There is no StatefulSet (yet). */
  | { readonly state: 'Absent' }
  /** Some brokers still run the template before. */
  | { readonly state: 'Rolling'; readonly updated: number; readonly ready: number }
  /** The template is everywhere, but not every broker accepts clients. */
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
  if (!isSeen(statefulSet)) return { state: 'Rolling', updated: 0, ready };
  return ready < replicas || updated < replicas ? { state: 'Waiting', ready } : { state: 'Complete' };
}

/** False while the StatefulSet controller has not looked at the latest spec; its counts are of the one before. */
function isSeen({ metadata, status }: StatefulSet): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}
