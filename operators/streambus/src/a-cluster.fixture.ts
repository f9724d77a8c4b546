import type { InputOf } from '@capstan/crd';
import type { Draft, StatefulSet } from '@capstan/kube';
import { StreamBusCluster, type StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerPod } from './brokers/broker-pod.ts';
import { brokerStatefulSet } from './children/stateful-set.ts';
import type { Observed } from './observe.ts';
import type { Findings } from './status/situation.ts';

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

/** Images that the operator, not the resource, decides about. */
export const images = { lingerImage: 'pause:1', agentImage: 'operator:1' };

/** The StatefulSet of a cluster as the API server shows it, with the status given; all brokers ready unless told. */
export function aStatefulSet(cluster: StreamBusCluster, status: Partial<StatefulSet['status']> = {}): StatefulSet {
  const { replicas } = cluster.spec;
  const shape = { replicas, members: replicas };
  const { object } = brokerStatefulSet(cluster, shape, images);
  // The builder made it, so it is a StatefulSet.
  const { metadata, ...body } = object as Draft<StatefulSet>;
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

/** Pods of brokers that all serve, unless told otherwise; `orders-0`, `orders-1` ... */
export function somePods(count: number, overrides: Partial<BrokerPod> = {}): readonly BrokerPod[] {
  return Array.from({ length: count }, (_, ordinal) => aPod(ordinal, overrides));
}

/** The pod of one broker that serves, unless told otherwise. */
export function aPod(ordinal: number, overrides: Partial<BrokerPod> = {}): BrokerPod {
  return {
    ...{ name: `orders-${ordinal}`, uid: `uid-${ordinal}`, ordinal, ip: `10.0.0.${ordinal + 1}`, revision: 'orders-1' },
    ...{ isReady: true, isTerminating: false, isUnreachable: false, hasStarted: true, restarts: 0 },
    ...overrides,
  };
}

/** What a pass finds in which nothing is wrong. */
export const fine: Findings = {
  ...{ children: [], failures: [], contests: [], pods: [], secretProblems: [] },
  leadership: { kind: 'One', leader: 'orders-0' },
  decision: { restart: { kind: 'Done' } },
};

/** What a pass sees of a cluster of which there is nothing yet. */
export const unseen: Observed = {
  ...{ statefulSet: undefined, pods: [], secrets: { problems: [] } },
  leadership: { kind: 'Unknown', cause: 'Silent', why: 'no broker was asked' },
  tenantApi: { kind: 'Absent' },
};
