import { childName, desiredOf } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerConfigHash } from './broker-config.ts';
import { selectorLabels } from './labels.ts';
import { planChildren } from './plan.ts';
import { workingManifest } from './working-manifest.fixture.ts';

const options = { lingerImage: 'local/pause:1' };

function childrenOf(cluster: StreamBusCluster): Readonly<Record<string, object>> {
  const { steps } = planChildren(cluster, options);
  return Object.fromEntries(
    steps.flatMap(({ objects }) => objects.map(desiredOf)).map((child) => [childName(child), child]),
  );
}

/** Leaves by path: `spec.ports[0].name`. */
function leavesOf(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  const at = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, at(key))]));
}

/** Every leaf in which two objects differ: path to `[before, after]`. */
function differences(before: object, after: object): Readonly<Record<string, readonly unknown[]>> {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
  return Object.fromEntries(paths.map((path) => [path, [was.get(path), is.get(path)]]));
}

const cluster = aCluster({
  name: 'sb',
  namespace: 'default',
  spec: {
    image: { repository: 'local/streambus-broker', tag: '1' },
    storage: { class: 'fast', size: '1Gi', raftSize: '1Gi' },
  },
});

/** Every child says what it is, where it belongs and who made it. */
const identity = (apiVersion: string, kind: string) => ({
  apiVersion: [undefined, apiVersion],
  kind: [undefined, kind],
  'metadata.namespace': [undefined, 'default'],
  'metadata.labels.app.kubernetes.io/component': [undefined, 'broker'],
  'metadata.labels.app.kubernetes.io/managed-by': [undefined, 'streambus-operator'],
});

const template = 'spec.template.metadata';
const pod = 'spec.template.spec';
const apart = `${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]`;
const claims = 'spec.volumeClaimTemplates';

const intendedDifferences = {
  'Service/sb-headless': identity('v1', 'Service'),
  'Service/sb': {
    ...identity('v1', 'Service'),
    // While a change of the port rolls, each pod is reached at the port it has.
    'spec.ports[0].targetPort': [undefined, 'broker'],
  },
  'StatefulSet/sb': {
    ...identity('apps/v1', 'StatefulSet'),
    [`${template}.labels.app.kubernetes.io/component`]: [undefined, 'broker'],
    [`${template}.labels.app.kubernetes.io/managed-by`]: [undefined, 'streambus-operator'],
    // The stamp that rolled the pods by hand is now made from the configuration.
    [`${template}.annotations.stamp`]: ['1', undefined],
    [`${template}.annotations.streambus.io/config-hash`]: [undefined, brokerConfigHash(cluster)],
    // Brokers prefer different nodes; the node of the trial was alone.
    [`${apart}.weight`]: [undefined, 100],
    [`${apart}.podAffinityTerm.topologyKey`]: [undefined, 'kubernetes.io/hostname'],
    [`${apart}.podAffinityTerm.labelSelector.matchLabels.app.kubernetes.io/name`]: [undefined, 'streambus-broker'],
    [`${apart}.podAffinityTerm.labelSelector.matchLabels.app.kubernetes.io/instance`]: [undefined, 'sb'],
    // What the broker was measured to need; without a CPU limit, which would throttle elections.
    [`${pod}.containers[0].resources.requests.cpu`]: [undefined, '50m'],
    [`${pod}.containers[0].resources.requests.memory`]: [undefined, '64Mi'],
    [`${pod}.containers[0].resources.limits.memory`]: [undefined, '512Mi'],
    // Why a broker refused its configuration shows in the status of its pod.
    [`${pod}.containers[0].terminationMessagePolicy`]: [undefined, 'FallbackToLogsOnError'],
    // Volumes stay whatever anybody sets: messages are on them and nowhere else.
    'spec.persistentVolumeClaimRetentionPolicy.whenDeleted': [undefined, 'Retain'],
    'spec.persistentVolumeClaimRetentionPolicy.whenScaled': [undefined, 'Retain'],
    // The names that clusters of the first StreamBus operator have, so that their volumes can be taken over.
    [`${pod}.containers[0].volumeMounts[1].name`]: ['raft', 'raft-data'],
    [`${claims}[1].metadata.name`]: ['raft', 'raft-data'],
    [`${claims}[0].apiVersion`]: [undefined, 'v1'],
    [`${claims}[0].kind`]: [undefined, 'PersistentVolumeClaim'],
    [`${claims}[0].spec.storageClassName`]: [undefined, 'fast'],
    [`${claims}[1].apiVersion`]: [undefined, 'v1'],
    [`${claims}[1].kind`]: [undefined, 'PersistentVolumeClaim'],
    [`${claims}[1].spec.storageClassName`]: [undefined, 'fast'],
  },
} as const;

describe('the children of a cluster', () => {
  it.each(['Service/sb-headless', 'Service/sb', 'StatefulSet/sb'] as const)(
    'have a %s that differs from the one seen to work only where it is meant to',
    (name) => {
      expect(differences(workingManifest[name], childrenOf(cluster)[name] ?? {})).toEqual(intendedDifferences[name]);
    },
  );

  it('are these, and what the brokers need to start comes before them', () => {
    const { steps } = planChildren(cluster, options);
    expect(steps.map(({ name, objects }) => [name, objects.map((item) => childName(desiredOf(item)))])).toEqual([
      ['foundation', ['ConfigMap/sb-config', 'Service/sb-headless', 'Service/sb', 'PodDisruptionBudget/sb']],
      ['brokers', ['StatefulSet/sb']],
    ]);
  });

  it('let a drain take one broker at a time', () => {
    expect(childrenOf(cluster)['PodDisruptionBudget/sb']).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(cluster) } },
    });
  });
});

describe('what a user gives for the pods', () => {
  const podOf = (spec: SpecInput) => {
    const body: unknown = childrenOf(aCluster({ spec }))['StatefulSet/orders'];
    return (body as { spec: { template: { metadata: object; spec: object } } }).spec.template; // made by planChildren
  };

  it('reaches them as it is', () => {
    const placed: SpecInput = {
      image: { repository: 'r/b', tag: 'v2', pullPolicy: 'Always', pullSecrets: ['one', 'two'] },
      resources: { requests: { cpu: 2, 'example.dev/gpu': '1' } },
      nodeSelector: { workload: 'streaming' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'streambus', effect: 'NoSchedule' }],
      podAnnotations: { 'prometheus.io/scrape': 'true' },
      podLabels: { environment: 'production' },
    };
    expect(podOf(placed)).toMatchObject({
      metadata: {
        labels: { environment: 'production', 'app.kubernetes.io/name': 'streambus-broker' },
        annotations: { 'prometheus.io/scrape': 'true' },
      },
      spec: {
        imagePullSecrets: [{ name: 'one' }, { name: 'two' }],
        nodeSelector: { workload: 'streaming' },
        tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'streambus', effect: 'NoSchedule' }],
        containers: [
          { image: 'r/b:v2', imagePullPolicy: 'Always', resources: { requests: { cpu: 2, 'example.dev/gpu': '1' } } },
        ],
      },
    });
  });

  it('never replaces the labels that pods are found by, nor the hash that rolls them', () => {
    const { metadata } = podOf({
      podLabels: { 'app.kubernetes.io/name': 'mine', 'app.kubernetes.io/instance': 'mine' },
      podAnnotations: { 'streambus.io/config-hash': 'mine' },
    });
    expect(metadata).toMatchObject({
      labels: { 'app.kubernetes.io/name': 'streambus-broker', 'app.kubernetes.io/instance': 'orders' },
      annotations: { 'streambus.io/config-hash': brokerConfigHash(aCluster()) },
    });
  });

  const nodes = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [] }] } };
  it('keeps brokers apart beside an affinity to nodes, and yields to an anti-affinity of the user', () => {
    expect(podOf({ affinity: { nodeAffinity: nodes } }).spec).toMatchObject({
      affinity: {
        nodeAffinity: nodes,
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }] },
      },
    });
    expect(podOf({ affinity: { podAntiAffinity: {} } }).spec).toMatchObject({ affinity: { podAntiAffinity: {} } });
  });
});

describe('children of any cluster', () => {
  const word = fc.stringMatching(/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/);
  const clusters = fc
    .record({
      name: word,
      namespace: word,
      replicas: fc.integer({ min: 1, max: 50 }),
      podLabels: fc.dictionary(fc.constantFrom('team', 'app.kubernetes.io/instance'), word),
    })
    .map(({ name, namespace, replicas, podLabels }) => aCluster({ name, namespace, spec: { replicas, podLabels } }));

  it('are the same bytes each time', () => {
    fc.assert(
      fc.property(clusters, (any) => {
        expect(JSON.stringify(planChildren(structuredClone(any), options))).toBe(
          JSON.stringify(planChildren(any, options)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('have names and label values that Kubernetes takes, with the revision hash it adds', () => {
    fc.assert(
      fc.property(clusters, (any) => {
        const { name } = any.metadata;
        const labels = [`${name}-5d8f6c7b94`, `${name}-49`, `${name}-headless`];
        expect(labels.filter((label) => label.length > 63)).toEqual([]);
        expect(Object.keys(childrenOf(any)).filter((child) => !/\/[a-z]([-a-z0-9]*[a-z0-9])?$/.test(child))).toEqual(
          [],
        );
      }),
      { numRuns: 50 },
    );
  });

  it('select exactly the pods of their own cluster', () => {
    fc.assert(
      fc.property(clusters, (any) => {
        const statefulSet = childrenOf(any)[`StatefulSet/${any.metadata.name}`];
        const selector = selectorLabels(any);
        expect(statefulSet).toMatchObject({
          spec: { selector: { matchLabels: selector }, template: { metadata: { labels: selector } } },
        });
      }),
      { numRuns: 50 },
    );
  });
});
