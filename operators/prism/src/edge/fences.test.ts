import { desiredOf } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, allAvailable, type SpecInput, usable } from '../a-cluster.fixture.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { planChildren } from '../children/plan.ts';
import { fences } from './fences.ts';
import { type Caller, mayReach } from './reachability.fixture.ts';

const operatorNamespace = 'prism-system';

const spec: SpecInput = {
  admin: { replicas: 3 },
  patterns: [
    { name: 'keyvalue', backends: ['redis'] },
    { name: 'consumer', backends: ['nats'] },
    { name: 'claimcheck', backends: ['minio', 'redis'], image: 'mine/claimcheck:1' },
    { name: 'web', image: 'mine/web:1', port: 8088 },
  ],
  backends: {
    ...{ redis: {}, nats: { replicas: 3 }, postgres: {}, minio: {} },
    kafka: { replicas: 3, mode: 'ZooKeeper', version: '3.7.0' },
  },
};

/** Every pod there is of a cluster, by its component: its labels, and the ports that its containers say they listen on. */
function podsOf(cluster: PrismCluster) {
  const findings = new Map(enabledBackends(cluster).map((kind) => [kind, usable] as const));
  const observed = { ...allAvailable(cluster), secrets: { findings, hashKey: new Uint8Array(32), made: {} } };
  const { steps } = planChildren(cluster, observed, { operatorNamespace });
  const objects = steps.flatMap((step) => step.objects.map(desiredOf));
  const pods = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet').map(templateOf);
  return new Map(pods.map((pod) => [pod.labels['app.kubernetes.io/component'] ?? '', pod] as const));
}

interface Template {
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

function templateOf(workload: object): Template {
  // Of the two kinds that are asked for, both have it.
  const { template } = (workload as { spec: { template: PodTemplate } }).spec;
  const ports = template.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
  return { labels: template.metadata.labels, ports };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[] };
}

const elsewhere: Readonly<Record<string, Caller>> = {
  outside: 'Outside',
  stranger: { namespace: { name: 'web' }, labels: { app: 'shop' } },
  neighbour: { namespace: { name: 'shop' }, labels: { app: 'shop' } },
  operator: { namespace: { name: operatorNamespace }, labels: { 'app.kubernetes.io/name': 'prism-operator' } },
  prometheus: { namespace: { name: 'monitoring', labels: { team: 'sre' } }, labels: { app: 'prometheus' } },
};

/** Who reaches a port of a component, of all pods of the cluster, of the same components of another one, and of strangers. */
function callersOf(cluster: PrismCluster, component: string, port: number): readonly string[] {
  const pods = podsOf(cluster);
  const policies = fences(cluster, { operatorNamespace }).map(desiredOf);
  const inside = [...pods].map(([name, { labels }]): [string, Caller] => [
    name,
    { namespace: { name: 'shop' }, labels },
  ]);
  const twins = [...podsOf(aCluster({ name: 'twin', spec }))].map(([name, { labels }]): [string, Caller] => [
    `twin's ${name}`,
    { namespace: { name: 'shop' }, labels },
  ]);
  const target = pods.get(component)?.labels;
  if (target === undefined) throw new Error(`there is no ${component}`);
  const all = [...inside, ...twins, ...Object.entries(elsewhere)];
  return all.filter(([, caller]) => mayReach(policies, caller, target, port)).map(([name]) => name);
}

const runners = ['keyvalue-runner', 'consumer-runner', 'claimcheck-runner', 'web-runner'];
const everyPod = [
  ...['redis', 'nats', 'postgres', 'minio', 'zookeeper', 'kafka', 'prism-admin', 'prism-proxy'],
  ...runners,
];
const everybodyInKubernetes = [
  ...everyPod,
  ...everyPod.map((name) => `twin's ${name}`),
  ...['stranger', 'neighbour', 'operator', 'prometheus'],
];

describe('the fences around a cluster', () => {
  it.each([
    ['redis', 6379, ['keyvalue-runner', 'claimcheck-runner']],
    ['nats', 4222, ['consumer-runner']],
    ['nats', 6222, ['nats']],
    ['nats', 8222, []],
    ['postgres', 5432, []],
    ['minio', 9000, ['claimcheck-runner']],
    ['minio', 9001, []],
    ['kafka', 9092, ['kafka']],
    ['zookeeper', 2181, ['kafka']],
    ['zookeeper', 2888, ['zookeeper']],
    ['zookeeper', 3888, ['zookeeper']],
    ['prism-admin', 8980, ['prism-admin', 'prism-proxy', ...runners, 'operator']],
    ['prism-admin', 8990, ['prism-admin']],
    ['prism-admin', 8981, []],
    ['keyvalue-runner', 8080, []],
    ['web-runner', 8088, everyPod],
    ['web-runner', 8089, []],
    ['claimcheck-runner', 8080, everyPod],
  ] as const)('let to %s at port %i nobody but those it works for', (component, port, callers) => {
    expect([...callersOf(aCluster({ spec }), component, port)].sort()).toEqual([...callers].sort());
  });

  it('let the brokers of a Kafka without ZooKeeper to their controllers, and nobody else', () => {
    const kraft = aCluster({ spec: { ...spec, backends: { ...spec.backends, kafka: { replicas: 3 } } } });
    expect(callersOf(kraft, 'kafka', 9093)).toEqual(['kafka']);
  });

  it('let every client to the proxy, from outside of Kubernetes too, unless the spec says which', () => {
    const open = callersOf(aCluster({ spec }), 'prism-proxy', 8980);
    expect([...open].sort()).toEqual([...everybodyInKubernetes, 'outside'].sort());
    const clientsFrom = [{ podLabels: { app: 'shop' } }];
    const fenced = callersOf(aCluster({ spec: { ...spec, networkPolicy: { clientsFrom } } }), 'prism-proxy', 8980);
    expect([...fenced].sort()).toEqual([...runners, 'neighbour'].sort());
  });

  it('let the pods of every namespace to the metrics of prism-admin, or the operator and whom the spec names', () => {
    expect([...callersOf(aCluster({ spec }), 'prism-admin', 9090)].sort()).toEqual(everybodyInKubernetes.toSorted());
    const monitoringFrom = [{ namespaceLabels: { team: 'sre' }, podLabels: { app: 'prometheus' } }];
    const fenced = callersOf(aCluster({ spec: { ...spec, networkPolicy: { monitoringFrom } } }), 'prism-admin', 9090);
    expect(fenced).toEqual(['operator', 'prometheus']);
  });

  it('let the clients of the proxy to prism-admin where it is exposed, and to its raft never', () => {
    const ingress = { host: 'prism.example', exposeAdmin: true };
    expect(callersOf(aCluster({ spec: { ...spec, ingress } }), 'prism-admin', 8980)).toContain('outside');
    expect(callersOf(aCluster({ spec: { ...spec, ingress } }), 'prism-admin', 8990)).toEqual(['prism-admin']);
    const networkPolicy = { clientsFrom: [{ podLabels: { app: 'shop' } }] };
    const fenced = callersOf(aCluster({ spec: { ...spec, ingress, networkPolicy } }), 'prism-admin', 8980);
    expect(fenced).toContain('neighbour');
    expect(fenced).not.toContain('outside');
  });

  it('let nobody be forgotten: every pod is behind one, and no port is open to strangers but what is for everybody', () => {
    const profile = fc.constantFrom('upstream', 'memo035');
    const replicas = fc.constantFrom(1, 3, 5);
    const mode = fc.constantFrom('KRaft' as const, 'ZooKeeper' as const);
    fc.assert(
      fc.property(profile, replicas, mode, (chosen, members, kafkaMode) => {
        const kafka = { replicas: 3, mode: kafkaMode, version: '3.7.0' };
        const backends = { ...spec.backends, kafka };
        const cluster = aCluster({ spec: { ...spec, profile: chosen, admin: { replicas: members }, backends } });
        const policies = fences(cluster, {}).map(desiredOf);
        for (const [component, { labels, ports }] of podsOf(cluster)) {
          const open = [...ports, 1].filter((port) =>
            mayReach(policies, elsewhere.stranger ?? 'Outside', labels, port),
          );
          const meant = component === 'prism-proxy' ? ports : ports.filter((port) => isMetrics(component, port));
          expect([component, open]).toEqual([component, meant]);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('say nothing of what goes out', () => {
    const policies = fences(aCluster({ spec }), {}).map((each) => JSON.parse(JSON.stringify(desiredOf(each))));
    expect(policies.map((policy) => policy.spec.policyTypes)).toEqual(policies.map(() => ['Ingress']));
  });

  it('are not there where the spec does not want them, nor around what runs elsewhere', () => {
    expect(fences(aCluster({ spec: { ...spec, networkPolicy: { enabled: false } } }), {})).toEqual([]);
    const redis = { external: { endpoint: 'cache.example:6379' } };
    const names = fences(aCluster({ spec: { backends: { redis } } }), {}).map((each) => desiredOf(each).metadata.name);
    expect(names).toEqual(['orders-prism-admin', 'orders-prism-proxy']);
  });
});

function isMetrics(component: string, port: number): boolean {
  return component === 'prism-admin' && port === 9090;
}

describe('the fence around a pattern that is closed to a PrismNamespace', () => {
  const closed = { ...aCluster({ spec }) };
  const own = (cluster: PrismCluster, name: string) => ({
    namespace: { name: 'shop' },
    labels: { ...podsOf(cluster).get(name)?.labels, 'prism.io/prism-namespace': 'sales' },
  });

  it.each([
    ['web', 8088],
    ['claimcheck', 8080],
  ])(
    'around %s lets in the proxies and the pods of that namespace at port %i, and no other pod of the cluster',
    (name, port) => {
      const patterns = closed.spec.patterns.map((each) => (each.name === name ? { ...each, closedTo: 'sales' } : each));
      const cluster = { ...closed, spec: { ...closed.spec, patterns } };
      expect(callersOf(cluster, `${name}-runner`, port)).toEqual(['prism-proxy']);
      const policies = fences(cluster, { operatorNamespace }).map(desiredOf);
      const target = podsOf(cluster).get(`${name}-runner`)?.labels ?? {};
      expect(mayReach(policies, own(cluster, 'consumer-runner'), target, port)).toBe(true);
      const twin = aCluster({ name: 'twin', spec });
      expect(mayReach(policies, own(twin, 'consumer-runner'), target, port)).toBe(false);
    },
  );
});
