import { StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { namesOf, namespaceOf } from './children/names.ts';

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly statefulSet: StatefulSet | undefined;
}

/** Every read of one pass, from memory. */
export function observe(cluster: StreamBusCluster, cache: CacheReader): Observed {
  const at = { namespace: namespaceOf(cluster), name: namesOf(cluster).statefulSet };
  return { statefulSet: cache.get(StatefulSet, at) };
}
