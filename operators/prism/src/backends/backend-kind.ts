import type { PrismBackend, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';

/** The backends there may be, in the order in which they are set up. */
export const backendKinds = ['redis', 'nats', 'postgres', 'minio', 'kafka'] as const;

/** One of the backends; also its name in the status and the label of its objects. */
export type BackendKind = (typeof backendKinds)[number];

/** What the cluster says of a backend; `undefined` where it is not asked for, or is disabled. */
export function enabledBackend(cluster: PrismCluster, kind: BackendKind): PrismBackend | undefined {
  const backend = cluster.spec.backends[kind];
  return backend?.enabled === true ? backend : undefined;
}

/** The backends of a cluster that patterns may use, those elsewhere among them, in the order in which they are set up. */
export function enabledBackends(cluster: PrismCluster): readonly BackendKind[] {
  return backendKinds.filter((kind) => enabledBackend(cluster, kind) !== undefined);
}
