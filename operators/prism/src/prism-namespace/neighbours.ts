import type { KubeObject } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';

type Cache = Pick<CacheReader<PrismNamespace>, 'get' | 'list'>;

/** So many neighbours are told by name. */
export const mostTold = 5;

/**
 * Who else is in the Kubernetes namespace of a namespace: other PrismClusters, and PrismNamespaces whose cluster is there, as
 * `PrismNamespace sales`, sorted.
 */
export function neighboursOf({ metadata, spec }: PrismNamespace, cache: Cache): readonly string[] {
  const { namespace, name } = metadata;
  const namespaces = cache.list(PrismNamespace, { namespace }).filter((each) => isNeighbour(each, cache));
  const clusters = cache.list(PrismCluster, { namespace }).filter(isStaying);
  return [
    ...namesBeside(name, namespaces).map((each) => `PrismNamespace ${each}`),
    ...namesBeside(spec.cluster, clusters).map((each) => `PrismCluster ${each}`),
  ].sort();
}

/** Whether a PrismNamespace counts as somebody's neighbour: nothing runs for one without a cluster, or on its way out. */
export function isNeighbour(namespace: PrismNamespace, cache: Pick<Cache, 'get'>): boolean {
  if (!isStaying(namespace) || namespace.spec?.cluster === undefined) return false;
  const ref = { namespace: namespace.metadata.namespace, name: namespace.spec.cluster };
  return cache.get(PrismCluster, ref) !== undefined;
}

function isStaying({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

function namesBeside(name: string, all: readonly KubeObject[]): readonly string[] {
  return all.map(({ metadata }) => metadata.name).filter((each) => each !== name);
}
