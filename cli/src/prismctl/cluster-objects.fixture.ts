import type { Deployment, Event, HorizontalPodAutoscaler, Ingress, KubeObject, Pod, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { ClusterObjects } from './cluster-objects.ts';

/** The time of the tests. */
export const now = Date.parse('2026-01-01T12:00:00Z');
const aMinuteAgo = '2026-01-01T11:59:00Z';

type Status = NonNullable<PrismCluster['status']>;
type ConditionTold = readonly [type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string];

/** A cluster with a status. */
export function someCluster(status: Status = {}, metadata: Partial<PrismCluster['metadata']> = {}): PrismCluster {
  const cluster = PrismCluster.withDefaults({
    apiVersion: 'prism.io/v1alpha1',
    kind: 'PrismCluster',
    metadata: { namespace: 'shop', name: 'orders', generation: 2, creationTimestamp: aMinuteAgo, ...metadata },
    spec: {},
  });
  return { ...cluster, status: { observedGeneration: 2, ...status } };
}

export function conditions(...told: readonly ConditionTold[]): NonNullable<Status['conditions']> {
  return told.map(([type, status, reason, message]) => ({
    ...{ type, status, reason, message },
    lastTransitionTime: aMinuteAgo,
  }));
}

/** Nothing but a cluster, and what a test cares about. */
export function objects(wanted: Partial<ClusterObjects> = {}): ClusterObjects {
  return {
    cluster: someCluster(),
    ...{ workloads: [], pods: [], autoscalers: [], ingresses: [], patterns: [], namespaces: [], events: [] },
    forbidden: [],
    ...wanted,
  };
}

function metadataOf(name: string, labels: Readonly<Record<string, string>> = {}) {
  return { namespace: 'shop', name, labels, creationTimestamp: aMinuteAgo, generation: 1 };
}

function labelsOf(component: string, part: string) {
  return { 'app.kubernetes.io/component': component, 'prism.io/part': part };
}

/** A StatefulSet of one pod. */
export function statefulSet(component: string, part: string, ready: 0 | 1): StatefulSet {
  const counts = { readyReplicas: ready, availableReplicas: ready, updatedReplicas: 1, currentReplicas: 1 };
  return {
    ...{
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadataOf(`orders-${component}`, labelsOf(component, part)),
    },
    spec: { replicas: 1, selector: {}, serviceName: '', template: {} },
    status: { observedGeneration: 1, replicas: 1, ...counts, currentRevision: 'a', updateRevision: 'a' },
  };
}

export function deployment(component: string, part: string, wanted: number, ready: number): Deployment {
  return {
    ...{
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadataOf(`orders-${component}`, labelsOf(component, part)),
    },
    spec: { replicas: wanted, selector: {}, template: {} },
    status: {
      ...{ observedGeneration: 1, replicas: wanted, updatedReplicas: wanted, readyReplicas: ready },
      availableReplicas: ready,
    },
  };
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

/** A pod of a workload: `StatefulSet/orders-redis`, or `ReplicaSet/orders-prism-proxy-5d4`. */
export function pod(name: string, owner: string, container: Partial<ContainerStatus> | 'ready'): Pod {
  const [kind = '', ownerName = ''] = owner.split('/');
  const isReady = container === 'ready';
  const rest = isReady ? { ready: true } : container;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadataOf(name),
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name: ownerName, uid: 'u', controller: true }],
    },
    spec: { containers: [], nodeName: 'node-1' },
    status: {
      phase: isReady ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [{ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 0, ...rest }],
    },
  };
}

/** An autoscaler of the proxy that cannot measure. */
export function autoscaler(): HorizontalPodAutoscaler {
  return {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: metadataOf('orders-prism-proxy') },
    spec: {
      minReplicas: 2,
      maxReplicas: 10,
      scaleTargetRef: { kind: 'Deployment', name: 'orders-prism-proxy' },
    },
    status: {
      ...{ currentReplicas: 2, desiredReplicas: 4 },
      conditions: [{ type: 'ScalingActive', status: 'False', reason: 'NoMetrics', message: 'no metrics' }],
    },
  };
}

export function ingress(addresses: readonly string[]): Ingress {
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: metadataOf('orders-prism-proxy') },
    spec: { ingressClassName: 'nginx', rules: [{ host: 'orders.example' }] },
    status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } },
  };
}

/** An object of a kind that is read untyped. */
export function untyped(kind: string, name: string, rest: object): KubeObject {
  return { apiVersion: 'prism.io/v1', kind, metadata: metadataOf(name), ...rest };
}

export function event(about: string, reason: string, at: string, rest: Partial<Event> = {}): Event {
  const [kind = '', name = ''] = about.split('/');
  return {
    ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: `${name}.${at}` }, eventTime: at },
    ...{ regarding: { kind, name }, reason, note: `${reason} of ${name}`, type: 'Normal' },
    ...rest,
  };
}
