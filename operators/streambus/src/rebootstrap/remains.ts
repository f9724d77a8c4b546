import { type KubeObject, PersistentVolumeClaim, Pod, type StatefulSet } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerPodsOf } from '../brokers/broker-pod.ts';
import { raftClaim } from '../children/claims.ts';
import { selectorText } from '../children/labels.ts';
import { namesOf } from '../children/names.ts';
import type { Remains } from './advance.ts';

/** The claims of the raft volumes of this cluster's brokers, as the API server has them, whatever size the cluster had. */
export async function raftClaimsOf(
  cluster: StreamBusCluster,
  pass: Pass<StreamBusCluster>,
): Promise<readonly KubeObject[]> {
  const claims = await pass.list(PersistentVolumeClaim);
  const prefix = `${raftClaim}-${namesOf(cluster).statefulSet}-`;
  return claims.filter(({ metadata: { name } }) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
}

/** Deletes the raft volumes: exactly the claims that were found, none that was made after. */
export async function removeRaftClaims(cluster: StreamBusCluster, pass: Pass<StreamBusCluster>): Promise<void> {
  for (const { metadata } of await raftClaimsOf(cluster, pass)) {
    const { namespace, name, uid, deletionTimestamp } = metadata;
    if (uid === undefined || deletionTimestamp !== undefined) continue;
    await pass.remove(PersistentVolumeClaim, { namespace, name, uid });
  }
}

/** What is left of the cluster before its next step: asked of the API server, for a cache may be behind. */
export async function remainsOf(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  pass: Pass<StreamBusCluster>,
): Promise<Omit<Remains, 'isServing'>> {
  const pods = await pass.list(Pod, { labelSelector: selectorText(cluster) });
  const claims = await raftClaimsOf(cluster, pass);
  const isEmpty = brokerPodsOf(namesOf(cluster).statefulSet, pods).length === 0;
  return { isStopped: isEmpty && asksForNoPod(statefulSet), raftClaims: claims.length };
}

/** Its controller has seen it too: a pod that is made of an older spec cannot come any more. */
function asksForNoPod(statefulSet: StatefulSet | undefined): boolean {
  const { metadata, spec, status } = statefulSet ?? {};
  const isSeen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  return statefulSet !== undefined && spec?.replicas === 0 && isSeen && (status?.replicas ?? 0) === 0;
}
