import { type KubeObject, PersistentVolumeClaim, Pod, type StatefulSet } from '@capstan/kube';
import type { ListedObjects, Pass } from '@capstan/runtime';
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
  which: ListedObjects = {},
): Promise<readonly KubeObject[]> {
  // By name, not by label: claims that were there before their StatefulSet have none.
  const claims = await pass.list(PersistentVolumeClaim, which);
  return claims.filter((claim) => ordinalOfClaim(claim, cluster) !== undefined);
}

/** How many brokers a former cluster of this name had that has left raft volumes, all of them or some; 0 for none. */
export async function formerBrokers(cluster: StreamBusCluster, pass: Pass<StreamBusCluster>): Promise<number> {
  // A StatefulSet labels the claims it makes. Those that somebody made beforehand may have no labels, where nothing provisions any.
  const isProvisioned = cluster.spec.storage.class !== '';
  const labelSelector = `app.kubernetes.io/instance=${cluster.metadata.name}`;
  return formerSize(await raftClaimsOf(cluster, pass, isProvisioned ? { labelSelector } : {}));
}

/** How many brokers the cluster had that these raft claims are of: one more than the highest ordinal. */
function formerSize(claims: readonly KubeObject[]): number {
  return Math.max(0, ...claims.map(({ metadata: { name } }) => Number(/\d+$/.exec(name)?.[0] ?? -1) + 1));
}

function ordinalOfClaim({ metadata: { name } }: KubeObject, cluster: StreamBusCluster): number | undefined {
  const prefix = `${raftClaim}-${namesOf(cluster).statefulSet}-`;
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^\d+$/.test(rest) ? Number(rest) : undefined;
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
