import type { StreamBusCluster } from '@capstan/streambus-operator';

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
