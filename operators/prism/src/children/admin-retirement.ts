import type { StatefulSet } from '@capstan/kube';
import { child, type StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namesOf } from '../names.ts';
import { singleAdminVolume } from './admin-workload.ts';
import { asItIs } from './as-it-is.ts';

/** What there is of members that are to stop. */
export interface Leftovers {
  /** Those that the cluster has. */
  readonly statefulSets: readonly StatefulSet[];
  /** UIDs of everything that a claim would go with. */
  readonly claimOwners: ReadonlySet<string>;
}

/** A prism-admin that is to stop. */
export interface Retiring extends Leftovers {
  readonly members: number;
  readonly epoch: number;
}

/**
 * What is left in the plan of a prism-admin that is to stop: its volumes, which stay whatever the policy of the cluster is. Its
 * workload is not, and so goes; a StatefulSet only once its volumes do not go with it.
 */
export function retiringAdmin(
  cluster: PrismCluster,
  { members, epoch, statefulSets, claimOwners }: Retiring,
): readonly StepObject[] {
  if (members === 1) return [child(singleAdminVolume(cluster, epoch), { retain: true })];
  const live = statefulSets.find(({ metadata }) => metadata.name === namesOf(cluster).admin);
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return [];
  if (isToldToKeep(live) && !claimOwners.has(live.metadata.uid ?? '')) return [];
  return [asItIs({ ...cluster, spec: { ...cluster.spec, deletionPolicy: 'Retain' } }, live)];
}

/** Its controller has seen that they stay; it tells the claims one by one, and may fail at any. */
function isToldToKeep({ metadata, spec, status }: StatefulSet): boolean {
  const { whenDeleted = 'Retain' } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return whenDeleted === 'Retain' && (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}
