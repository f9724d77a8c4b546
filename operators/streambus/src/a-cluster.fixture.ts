import type { InputOf } from '@capstan/crd';
import type { StatefulSet } from '@capstan/kube';
import { StreamBusCluster, type StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { brokerStatefulSet } from './children/stateful-set.ts';

export type SpecInput = InputOf<typeof StreamBusCluster>['spec'];

interface ClusterOverrides {
  readonly name?: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly spec?: SpecInput;
  readonly status?: StreamBusClusterStatus;
}

/** A cluster as the API server would return it: three brokers named `orders`, unless told otherwise. */
export function aCluster(overrides: ClusterOverrides = {}): StreamBusCluster {
  const { name = 'orders', namespace = 'shop', generation = 1, spec = {}, status } = overrides;
  const cluster = StreamBusCluster.withDefaults({
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    metadata: { name, namespace, generation, uid: '2f6a' },
    spec,
  });
  return { ...cluster, ...(status !== undefined && { status }) };
}

/** The StatefulSet of a cluster as the API server shows it, with the status given; all brokers ready unless told. */
export function aStatefulSet(cluster: StreamBusCluster, status: Partial<StatefulSet['status']> = {}): StatefulSet {
  const { metadata, ...body } = brokerStatefulSet(cluster, { lingerImage: 'pause:1' });
  const { replicas } = cluster.spec;
  return {
    ...body,
    metadata: { name: cluster.metadata.name, ...metadata, generation: 1 },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      currentRevision: 'orders-1',
      updateRevision: 'orders-1',
      ...status,
    },
  };
}
