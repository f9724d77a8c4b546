import type { StreamBusCluster } from '@capstan/streambus-operator';
import type { ClusterRow } from './table.ts';

type Condition = NonNullable<NonNullable<StreamBusCluster['status']>['conditions']>[number];

/** A condition with the parts that a test is about. */
export function condition(type: string, status: Condition['status'], reason: string, message = ''): Condition {
  return { type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}

/** A cluster of three brokers, as the API server returns it, with what a test changes of it. */
export function cluster(changes: {
  readonly metadata?: Partial<StreamBusCluster['metadata']>;
  readonly spec?: Partial<StreamBusCluster['spec']>;
  readonly status?: StreamBusCluster['status'];
}): StreamBusCluster {
  const metadata = { namespace: 'shop', name: 'orders', generation: 2, ...changes.metadata };
  // Only what the demo reads of a spec is here.
  const spec = {
    replicas: 3,
    storage: { class: 'standard', size: '10Gi', raftSize: '5Gi' },
    ...changes.spec,
  } as StreamBusCluster['spec'];
  const head = { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster', metadata, spec };
  return changes.status === undefined ? head : { ...head, status: changes.status };
}

/** A row of a cluster that is ready. */
export function row(changes: Partial<ClusterRow> = {}): ClusterRow {
  return {
    namespace: 'shop',
    name: 'orders',
    phase: 'Running',
    readyReplicas: 3,
    replicas: 3,
    children: 5,
    requests: 7,
    lastEvent: 'AllBrokersReady: All 3 brokers are ready.',
    verdict: { kind: 'Ready' },
    ...changes,
  };
}
