import { Deployment, PersistentVolumeClaim, Pod, ReplicaSet, type ResourceType, StatefulSet } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminClaimsAmong } from '../children/admin-claims.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { isOwnedBy } from '../components.ts';
import { componentLabels } from '../labels.ts';
import { namesOf, namespaceOf } from '../names.ts';
import { componentLabel, instanceLabel } from '../pods/watched-pods.ts';

type Asked = Pick<Pass<PrismCluster>, 'cache' | 'list'>;

/**
 * Whether nothing of prism-admin runs, and nothing is there that could start it. The API server is asked once the cache thinks
 * so, for a cache may be behind.
 */
export async function isStopped(cluster: PrismCluster, pass: Asked): Promise<boolean> {
  const at = { namespace: namespaceOf(cluster), name: namesOf(cluster).admin };
  const cached = [pass.cache.get(StatefulSet, at), pass.cache.get(Deployment, at)];
  if (cached.some((found) => found !== undefined && isOwnedBy(found, cluster))) return false;
  const pods = pass.cache.list(Pod, { namespace: namespaceOf(cluster) });
  if (pods.some((pod) => isMember(pod, cluster))) return false;
  return (await remainsOf(cluster, pass)) === 0;
}

/** How many objects the API server has of prism-admin that run a member, or could start one. */
export async function remainsOf(cluster: PrismCluster, pass: Pick<Asked, 'list'>): Promise<number> {
  const labelSelector = selectorText(cluster);
  // Of a Deployment that was just deleted a ReplicaSet may be left, which would make a pod anew.
  const kinds: readonly ResourceType[] = [StatefulSet, Deployment, ReplicaSet, Pod];
  let count = 0;
  for (const type of kinds) count += (await pass.list(type, { labelSelector })).length;
  return count;
}

function isMember({ metadata: { labels = {} } }: Pod, { metadata: { name } }: PrismCluster): boolean {
  return labels[instanceLabel] === name && labels[componentLabel] === adminComponent;
}

/** The epoch of the latest volume that there is of prism-admin; 0 where there is none. */
export async function latestVolume(cluster: PrismCluster, pass: Asked): Promise<number> {
  // By name, not by label: claims that were there before their StatefulSet have none.
  const names = (await pass.list(PersistentVolumeClaim)).map(({ metadata: { name } }) => name);
  return Math.max(0, ...adminClaimsAmong(cluster, names).map(({ epoch }) => epoch));
}

function selectorText(cluster: PrismCluster): string {
  return Object.entries(componentLabels(cluster, adminComponent))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
