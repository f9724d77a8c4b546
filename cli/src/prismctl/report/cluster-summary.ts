import type { PrismCluster } from '@capstan/prism-operator';

/** One line of `prismctl kubernetes get`. What is not known is null. */
export interface ClusterSummary {
  readonly namespace: string;
  readonly name: string;
  /** `Pending`, `Running`, `Degraded`, `Failed`. */
  readonly phase: string | null;
  readonly ready: boolean;
  /** Of the condition Ready. */
  readonly reason: string | null;
  /** Of the condition Ready. */
  readonly message: string | null;
  /** Pods that are available, of those that are wanted: `1/1`. */
  readonly admin: string | null;
  readonly proxy: string | null;
  /** Patterns that are ready, of all: `3/4`. */
  readonly patterns: string | null;
  readonly backends: string | null;
  /** RFC 3339. */
  readonly createdAt: string | null;
}

/** Reads a cluster and its status. Pure. */
export function clusterSummary({ metadata, status = {} }: PrismCluster): ClusterSummary {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    phase: status.phase ?? null,
    ready: ready?.status === 'True',
    reason: ready?.reason ?? null,
    message: ready?.message ?? null,
    admin: availableOf(status.adminStatus),
    proxy: availableOf(status.proxyStatus),
    patterns: status.readyPatterns ?? null,
    backends: status.readyBackends ?? null,
    createdAt: metadata.creationTimestamp ?? null,
  };
}

type Component = NonNullable<NonNullable<PrismCluster['status']>['adminStatus']>;

function availableOf(component: Component | undefined): string | null {
  return component === undefined ? null : `${component.availableReplicas}/${component.replicas}`;
}
