import type { StatefulSet } from '@capstan/kube';
import { child, type StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namesOf } from '../names.ts';
import { singleAdminVolume } from './admin-workload.ts';
import { asItIs } from './as-it-is.ts';

/** A prism-admin that is to stop. */
export interface Retiring {
  readonly members: number;
  readonly epoch: number;
  /** Those that the cluster has. */
  readonly statefulSets: readonly StatefulSet[];
}

/**
 * What is left in the plan of a prism-admin that is to stop: its volumes, which stay whatever the policy of the cluster is. Its
 * workload is not, and so goes; a StatefulSet only once its volumes do not go with it.
 */
export function retiringAdmin(
  cluster: PrismCluster,
  { members, epoch, statefulSets }: Retiring,
): readonly StepObject[] {
  if (members === 1) return [child(singleAdminVolume(cluster, epoch), { retain: true })];
  const live = statefulSets.find(({ metadata }) => metadata.name === namesOf(cluster).admin);
  if (live === undefined || live.metadata.deletionTimestamp !== undefined || keepsVolumes(live)) return [];
  return [asItIs({ ...cluster, spec: { ...cluster.spec, deletionPolicy: 'Retain' } }, live)];
}

/** Its controller has seen that they stay, and so has told the claims. */
function keepsVolumes({ metadata, spec, status }: StatefulSet): boolean {
  const { whenDeleted = 'Retain' } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return whenDeleted === 'Retain' && (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}
