import type { Pod } from '@capstan/kube';
import { configHash } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';

/** The pods of prism-admin of one cluster, as far as somebody who wants to write to it needs to know. */
export interface AdminSight {
  /** Members that there are to be. */
  readonly members: number;
  /** Members that are ready. */
  readonly ready: number;
  /** Which pods are ready, and how often they were started: another one after each restart of one. */
  readonly incarnation: string;
}

/** Looks at the pods of prism-admin. */
export function adminSightOf({ spec, status }: PrismCluster, pods: readonly Pod[]): AdminSight {
  const ready = pods.filter(isReady);
  return {
    members: status?.bootstrappedAdminReplicas ?? spec.admin.replicas,
    ready: ready.length,
    incarnation: configHash(ready.map((pod) => `${pod.metadata.uid}/${restartsOf(pod)}`).sort()),
  };
}

/** Whether so many members are ready that they can elect a leader. */
export function hasQuorum({ members, ready }: AdminSight): boolean {
  return ready >= Math.floor(members / 2) + 1;
}

/** Whether all members are ready. */
export function isWhole({ members, ready }: AdminSight): boolean {
  return ready >= members;
}

function isReady({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return metadata.deletionTimestamp === undefined && ready?.status === 'True';
}

function restartsOf({ status }: Pod): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
