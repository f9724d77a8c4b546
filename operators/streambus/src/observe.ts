import { StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { namesOf, namespaceOf } from './children/names.ts';

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly statefulSet: StatefulSet | undefined;
}

/** Every read of one pass, from memory. A StatefulSet that is not the cluster's own says nothing of the cluster. */
export function observe(cluster: StreamBusCluster, cache: CacheReader): Observed {
  const at = { namespace: namespaceOf(cluster), name: namesOf(cluster).statefulSet };
  const statefulSet = cache.get(StatefulSet, at);
  const isOwn = statefulSet?.metadata.ownerReferences?.some(
    ({ controller, uid }) => controller === true && uid === cluster.metadata.uid,
  );
  return { statefulSet: isOwn === true ? statefulSet : undefined };
}
