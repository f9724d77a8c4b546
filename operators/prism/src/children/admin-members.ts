import type { EnvVar } from '@capstan/kube';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namesOf } from '../names.ts';
import { profileOf } from '../profiles/profiles.ts';

/** The number of the first pod: prism-admin takes it for its raft id, which cannot be 0. */
export const firstOrdinal = 1;

const peersVariable = 'PRISM_PEERS';

/**
 * What makes one of several prism-admin a member of their raft group.
 *
 * Peers are names, which outlive the address of a pod; a member itself binds to its address, because raft tells the others of it.
 */
export function memberEnvironment(cluster: PrismCluster, members: number): readonly EnvVar[] {
  const { adminPeers } = namesOf(cluster);
  const { raftPort } = profileOf(cluster).admin;
  const fromField = (name: string, fieldPath: string): EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return [
    fromField('POD_IP', 'status.podIP'),
    fromField('POD_NAME', 'metadata.name'),
    fromField('PRISM_NODE_ID', "metadata.labels['apps.kubernetes.io/pod-index']"),
    { name: 'PRISM_BIND_ADDR', value: `$(POD_IP):${raftPort}` },
    { name: 'PRISM_ADVERTISE_ADDR', value: `$(POD_NAME).${adminPeers}:${raftPort}` },
    { name: peersVariable, value: peersOf(cluster, members) },
  ];
}

/** How many members the environment of one tells it of; `undefined` where it says nothing of that. */
export function membersToldBy(env: readonly EnvVar[]): number | undefined {
  return env.find(({ name }) => name === peersVariable)?.value?.split(',').length;
}

/** `1=orders-prism-admin-1.orders-prism-admin-peers:8990,2=...` */
function peersOf(cluster: PrismCluster, members: number): string {
  const { admin, adminPeers } = namesOf(cluster);
  const { raftPort } = profileOf(cluster).admin;
  const ids = Array.from({ length: members }, (_, index) => firstOrdinal + index);
  return ids.map((id) => `${id}=${admin}-${id}.${adminPeers}:${raftPort}`).join(',');
}
