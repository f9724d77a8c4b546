import type { Pod } from '@capstan/kube';

interface PodOverrides {
  readonly metadata?: Partial<Pod['metadata']>;
  readonly status?: { readonly [K in keyof NonNullable<Pod['status']>]?: NonNullable<Pod['status']>[K] | undefined };
}

/** The pod of a broker that serves, of the StatefulSet `orders`, as the API server shows it. */
export function aBrokerPod(name: string, { metadata, status }: PodOverrides = {}): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'set', controller: true };
  const labels = {
    'app.kubernetes.io/name': 'streambus-broker',
    'app.kubernetes.io/instance': 'orders',
    'app.kubernetes.io/managed-by': 'streambus-operator',
    'controller-revision-hash': 'orders-1',
  };
  const times = { creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '7' };
  const running = { running: { startedAt: '2026-01-01T00:00:01Z' } };
  const broker = { name: 'streambus', ready: true, started: true, restartCount: 0, image: 'b:1', imageID: 'b@1' };
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name, namespace: 'shop', uid: `uid-${name}`, labels, ownerReferences: [owner], ...times },
      annotations: { 'streambus.io/config-hash': 'abc' },
      ...metadata,
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'streambus', image: 'b:1' }] },
    status: {
      ...{ phase: 'Running', podIP: '10.0.0.1', hostIP: '192.168.0.1' },
      conditions: [
        { type: 'Initialized', status: 'True', lastTransitionTime: '2026-01-01T00:00:01Z' },
        { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:03Z' },
      ],
      containerStatuses: [{ ...broker, state: running }],
      ...status,
    },
  };
  // A status without an IP is one before the kubelet has given it one.
  return JSON.parse(JSON.stringify(pod));
}
