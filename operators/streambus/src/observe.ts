import { StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { managedBy } from './children/labels.ts';
import { namesOf, namespaceOf } from './children/names.ts';

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly statefulSet: StatefulSet | undefined;
}

/** Every read of one pass, from memory. A StatefulSet that is not the cluster's own says nothing of the cluster. */
export function observe(cluster: StreamBusCluster, cache: Pick<CacheReader, 'get'>): Observed {
  const at = { namespace: namespaceOf(cluster), name: namesOf(cluster).statefulSet };
  const statefulSet = cache.get(StatefulSet, at);
  return { statefulSet: statefulSet !== undefined && isOwn(statefulSet, cluster) ? statefulSet : undefined };
}

/**
 * Owned by this very cluster, or by nobody although the operator made it: what is left when a cluster was deleted with its
 * children orphaned. The operator takes such a one back, so its size counts.
 */
function isOwn({ metadata }: StatefulSet, cluster: StreamBusCluster): boolean {
  const holder = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder !== undefined) return holder.uid === cluster.metadata.uid;
  return metadata.labels?.['app.kubernetes.io/managed-by'] === managedBy;
}
