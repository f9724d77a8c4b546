import { childName, desiredOf } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet, type SpecInput, unseen } from '../a-cluster.fixture.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Observed } from '../observe.ts';
import { brokerPod } from './broker-pod.ts';
import { selectorLabels } from './labels.ts';
import { planChildren } from './plan.ts';
import { workingManifest } from './working-manifest.fixture.ts';
import { workingMtlsManifest } from './working-mtls-manifest.fixture.ts';

const options = { lingerImage: 'local/pause:1', agentImage: 'local/operator:1', operatorNamespace: 'capstan' };

function childrenOf(cluster: StreamBusCluster): Readonly<Record<string, object>> {
  const { steps } = planChildren(cluster, unseen, options);
  return Object.fromEntries(
    steps.flatMap(({ objects }) => objects.map(desiredOf)).map((child) => [childName(child), child]),
  );
}

/** Leaves by path: `spec.ports[broker].port`; items of a list by their names, where they have any. */
function leavesOf(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  if (Array.isArray(value)) {
    const named = value.map((item, index) => [`${path}[${item?.name ?? index}]`, item] as const);
    return new Map(named.flatMap(([at, item]) => [...leavesOf(item, at)]));
  }
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, at(key))]));
}

type Differences = Readonly<Record<string, readonly unknown[]>>;

/** Every leaf in which two objects differ: path to `[before, after]`. */
function differences(before: object, after: object): Differences {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
  return Object.fromEntries(paths.map((path) => [path, [was.get(path), is.get(path)]]));
}

/** Every leaf below `path` that the manifest has nothing of. */
function added(path: string, value: unknown): Differences {
  return Object.fromEntries([...leavesOf(value, path)].map(([at, leaf]) => [at, [undefined, leaf]]));
}

/** A manifest in which volumes bear the names that they have here: `raft` is `raft-data`, and so on. */
function renamed(manifest: object, names: Readonly<Record<string, string>>): object {
  const inner = (value: unknown, isVolume: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => inner(item, isVolume));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]): readonly [string, unknown] => {
      if (isVolume && key === 'name') return [key, names[`${item}`] ?? item];
      const hasName = ['volumes', 'volumeMounts', 'volumeClaimTemplates'].includes(key);
      return [key, inner(item, hasName || (isVolume && key === 'metadata'))];
    });
    return Object.fromEntries(entries);
  };
  return Object.fromEntries(Object.entries(manifest).map(([key, item]) => [key, inner(item, false)]));
}

const images = { image: { repository: 'local/streambus-broker', tag: '1' } };
const storage = { class: 'fast', size: '1Gi', raftSize: '1Gi' };
const cluster = aCluster({ name: 'sb', namespace: 'default', spec: { ...images, storage } });
const tls = { enabled: true, certSecretName: 'sp-tls', clientAuthRequired: true };
const authorization = { enabled: true, allowedNames: ['alice', 'bob', 'DNS:carol.clients'] };
const proxied = aCluster({
  ...{ name: 'sp', namespace: 'default' },
  spec: { ...images, storage, security: { tls, authorization, proxy: { image: 'local/haproxy:3.2' } } },
});

/** Every child says what it is, where it belongs and who made it. */
const identity = (apiVersion: string, kind: string): Differences => ({
  ...added('apiVersion', apiVersion),
  ...added('kind', kind),
  ...added('metadata.namespace', 'default'),
  ...added('metadata.labels', { 'app.kubernetes.io/component': 'broker' }),
  ...added('metadata.labels', { 'app.kubernetes.io/managed-by': 'streambus-operator' }),
});

const pod = 'spec.template.spec';
const proxy = `${pod}.initContainers[proxy]`;
const broker = `${pod}.containers[streambus]`;
const restricted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

/** Clients are led to the port by its name: while a change of it rolls, each pod is reached at the port it has. */
const portByName = added('spec.ports[broker].targetPort', 'broker');

/** What differs in the StatefulSet, with a proxy or without. */
const ofEveryBroker = (of: StreamBusCluster): Differences => ({
  ...identity('apps/v1', 'StatefulSet'),
  ...added('spec.template.metadata.labels', { 'app.kubernetes.io/component': 'broker' }),
  ...added('spec.template.metadata.labels', { 'app.kubernetes.io/managed-by': 'streambus-operator' }),
  // The stamp that rolled the pods by hand is now made from the configuration.
  'spec.template.metadata.annotations.stamp': ['1', undefined],
  ...added('spec.template.metadata.annotations', brokerPod(of, { replicas: 3, members: 3 }, options).annotations),
  // Brokers prefer different nodes; the node of the trial was alone.
  ...added(`${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution`, [
    {
      weight: 100,
      podAffinityTerm: {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: selectorLabels(of) },
      },
    },
  ]),
  // What the broker was measured to need; without a CPU limit, which would throttle elections.
  ...added(`${broker}.resources`, { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } }),
  // Why a broker refused its configuration shows in the status of its pod.
  ...added(`${broker}.terminationMessagePolicy`, 'FallbackToLogsOnError'),
  // Volumes stay whatever anybody sets: messages are on them and nowhere else.
  ...added('spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' }),
  ...added('spec.volumeClaimTemplates[0]', { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
  ...added('spec.volumeClaimTemplates[0].spec.storageClassName', 'fast'),
  ...added('spec.volumeClaimTemplates[1]', { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
  ...added('spec.volumeClaimTemplates[1].spec.storageClassName', 'fast'),
});

/** The name that clusters of the first StreamBus operator have, so that their volumes can be taken over. */
const volumeNames = { raft: 'raft-data' };

/** Volumes of the proxy bear its name, and what may change while it runs has a directory of its own. */
const proxyVolumeNames = { ...volumeNames, proxy: 'proxy-config', run: 'proxy-run', tls: 'proxy-tls' };

const intendedDifferences: Readonly<Record<string, Differences>> = {
  'Service/sb-headless': identity('v1', 'Service'),
  'Service/sb': { ...identity('v1', 'Service'), ...portByName },
  'StatefulSet/sb': {
    ...ofEveryBroker(cluster),
    // The operator orders the roll: the raft leader last, and only while exactly one leads.
    'spec.updateStrategy.type': ['RollingUpdate', 'OnDelete'],
  },
  'Service/sp-headless': {
    ...identity('v1', 'Service'),
    // The administration API, which the operator asks, and the series of the proxy.
    ...added('spec.ports[http]', { name: 'http', port: 8081 }),
    ...added('spec.ports[proxy-metrics]', { name: 'proxy-metrics', port: 8404 }),
  },
  'Service/sp': { ...identity('v1', 'Service'), ...portByName },
  'StatefulSet/sp': {
    ...ofEveryBroker(proxied),
    ...added('spec.updateStrategy.type', 'OnDelete'),
    // Found after this manifest was tried, and in the other one: an idle connection to a broker that went is reset in time.
    ...added(`${pod}.securityContext.sysctls[net.ipv4.tcp_fin_timeout]`, {
      name: 'net.ipv4.tcp_fin_timeout',
      value: '1',
    }),
    // Raft is not the proxy's: the port is declared where it is served.
    ...{ [`${proxy}.ports[raft].name`]: ['raft', undefined] },
    ...{ [`${proxy}.ports[raft].containerPort`]: [9093, undefined] },
    ...added(`${broker}.ports[raft]`, { name: 'raft', containerPort: 9093 }),
    ...added(`${broker}.imagePullPolicy`, 'IfNotPresent'),
    // As in the other manifest: a loaded node answers late.
    ...added(`${broker}.startupProbe.timeoutSeconds`, 3),
    ...added(`${proxy}.startupProbe.timeoutSeconds`, 3),
    ...added(`${proxy}.livenessProbe.timeoutSeconds`, 5),
    ...added(`${proxy}.imagePullPolicy`, 'IfNotPresent'),
    ...added(`${proxy}.terminationMessagePolicy`, 'FallbackToLogsOnError'),
    // Measured at rest, and the memory that the connections it is ready for may need.
    ...added(`${proxy}.resources`, { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: '256Mi' } }),
    // Names and limits are taken up while HAProxy runs, which its configuration is not.
    ...added(`${proxy}.volumeMounts[proxy-access]`, {
      ...{ name: 'proxy-access', mountPath: '/etc/haproxy-access', readOnly: true },
    }),
    ...added(`${pod}.volumes[proxy-access]`, { name: 'proxy-access', configMap: { name: 'sp-access' } }),
    // The CA may be in another Secret than the certificate, so both are projected into one directory. Not under the names of the
    // Secret: every HAProxy finds the key of `x.pem` in `x.pem.key`.
    ...{ [`${pod}.volumes[proxy-tls].secret.secretName`]: ['sp-tls', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.defaultMode`]: [0o440, undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[0].key`]: ['tls.crt', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[0].path`]: ['tls.crt', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[1].key`]: ['tls.key', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[1].path`]: ['tls.crt.key', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[2].key`]: ['ca.crt', undefined] },
    ...{ [`${pod}.volumes[proxy-tls].secret.items[2].path`]: ['ca.crt', undefined] },
    ...added(`${pod}.volumes[proxy-tls].projected.defaultMode`, 0o440),
    ...added(`${pod}.volumes[proxy-tls].projected.sources[0].secret.name`, 'sp-tls'),
    ...added(`${pod}.volumes[proxy-tls].projected.sources[0].secret.items`, [
      { key: 'tls.crt', path: 'tls.pem' },
      { key: 'tls.key', path: 'tls.pem.key' },
    ]),
    ...added(`${pod}.volumes[proxy-tls].projected.sources[1].secret.name`, 'sp-tls'),
    ...added(`${pod}.volumes[proxy-tls].projected.sources[1].secret.items`, [{ key: 'ca.crt', path: 'ca.crt' }]),
    // Tells the proxy of new certificates, names and limits; the trial did that by hand.
    ...added(`${pod}.initContainers[proxy-agent]`, {
      name: 'proxy-agent',
      image: 'local/operator:1',
      imagePullPolicy: 'IfNotPresent',
      restartPolicy: 'Always',
      command: [
        '/nodejs/bin/node',
        ...['--max-semi-space-size=1', '--max-old-space-size=24', '--v8-pool-size=1'],
        '/agent.mjs',
      ],
      resources: { requests: { cpu: '5m', memory: '24Mi' }, limits: { memory: '64Mi' } },
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: restricted,
      volumeMounts: [
        { name: 'proxy-access', mountPath: '/etc/haproxy-access', readOnly: true },
        { name: 'proxy-tls', mountPath: '/tls', readOnly: true },
        { name: 'proxy-run', mountPath: '/run/haproxy' },
      ],
    }),
  },
};

describe('the children of a cluster', () => {
  it.each(Object.entries(workingManifest))(
    'have a %s that differs from the one seen to work only where it is meant to',
    (name, working) => {
      const made = childrenOf(cluster)[name] ?? {};
      expect(differences(renamed(working, volumeNames), made)).toEqual(intendedDifferences[name]);
    },
  );

  it.each(Object.entries(workingMtlsManifest))(
    'have a %s that differs from the one seen to work behind proxies only where it is meant to',
    (name, working) => {
      const made = childrenOf(proxied)[name] ?? {};
      expect(differences(renamed(working, proxyVolumeNames), made)).toEqual(intendedDifferences[name]);
    },
  );

  const names = (of: StreamBusCluster, observed: Partial<Observed> = {}) =>
    planChildren(of, { ...unseen, ...observed }, options).steps.map(({ name, objects }) => [
      name,
      objects.map((item) => childName(desiredOf(item))),
    ]);

  it('are these, and what the brokers need to start comes before them', () => {
    expect(names(cluster)).toEqual([
      ['surroundings', ['Service/sb-headless', 'Service/sb', 'PodDisruptionBudget/sb']],
      ['configuration', ['ConfigMap/sb-config']],
      ['brokers', ['StatefulSet/sb']],
    ]);
  });

  it('are the same of a running one, whose configuration changes only after its pods may', () => {
    const statefulSet = aStatefulSet(proxied);
    expect(names(proxied, { statefulSet })).toEqual([
      ['surroundings', ['Service/sp-headless', 'Service/sp', 'PodDisruptionBudget/sp', 'NetworkPolicy/sp']],
      ['brokers', ['StatefulSet/sp']],
      ['configuration', ['ConfigMap/sp-config', 'ConfigMap/sp-proxy', 'ConfigMap/sp-access']],
    ]);
  });

  it('are all made before the StatefulSet of the first StreamBus operator is made anew: no broker of it ever ran', () => {
    expect(names(cluster, { original: aStatefulSet(cluster) })).toEqual(names(cluster));
  });

  it('are more of them for each thing that is asked for', () => {
    const isolation = { networkPolicies: true, resourceQuotas: true, dedicatedNamespace: true };
    const spec: SpecInput = {
      security: { tls },
      multiTenancy: { enabled: true, isolation, defaultQuotas: { maxTopics: 3 } },
      observability: { metrics: { serviceMonitor: true } },
    };
    expect(names(aCluster({ name: 'sb', spec }))).toEqual([
      [
        'surroundings',
        [
          ...['Service/sb-headless', 'Service/sb', 'PodDisruptionBudget/sb', 'NetworkPolicy/sb'],
          ...['ConfigMap/sb-tenants', 'ResourceQuota/sb', 'ServiceMonitor/sb'],
        ],
      ],
      ['configuration', ['ConfigMap/sb-config', 'ConfigMap/sb-proxy', 'ConfigMap/sb-access']],
      ['brokers', ['StatefulSet/sb']],
    ]);
  });

  it('hold the brokers back while a Secret that they need cannot be used', () => {
    const problem = { secret: 'sp-tls', reason: 'SecretMissing', message: 'Secret/sp-tls does not exist' } as const;
    const waiting = (problems: readonly (typeof problem)[]) =>
      planChildren(proxied, { ...unseen, secrets: { problems } }, options).steps[0]?.waitingFor?.(() => undefined);
    expect([waiting([]), waiting([problem])]).toEqual([
      undefined,
      { reason: 'SecretMissing', message: 'Secret/sp-tls does not exist' },
    ]);
  });

  it('let a drain take one broker at a time', () => {
    expect(childrenOf(cluster)['PodDisruptionBudget/sb']).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(cluster) } },
    });
  });

  const brokersBeside = (observed: Partial<Observed>) =>
    planChildren(cluster, { ...unseen, ...observed }, options).steps.find(({ name }) => name === 'brokers')?.objects[0];

  it('make the StatefulSet of the first StreamBus operator anew, and leave pods of their own alone where they make theirs anew', () => {
    const own = aStatefulSet(cluster);
    expect([brokersBeside({ original: own }), brokersBeside({ statefulSet: own }), brokersBeside({})]).toMatchObject([
      { onImmutable: 'recreate', growClaims: true, replicas: 'Ours' },
      { onImmutable: 'orphanAndRecreate', growClaims: true, replicas: 'Ours' },
      { onImmutable: 'orphanAndRecreate', growClaims: true, replicas: 'Ours' },
    ]);
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
      annotations: { 'streambus.io/config-hash': expect.stringMatching(/^[0-9a-f]{16}$/) },
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
        expect(JSON.stringify(planChildren(structuredClone(any), unseen, options))).toBe(
          JSON.stringify(planChildren(any, unseen, options)),
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
