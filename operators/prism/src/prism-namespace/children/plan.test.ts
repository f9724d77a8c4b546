import { type Desired, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { aClusterWithPatterns, aNamespace } from '../a-namespace.fixture.ts';
import { planChildren } from './plan.ts';

function childrenOf(
  spec: Parameters<typeof aNamespace>[1],
  { cluster = aClusterWithPatterns(), neighbours = [] as readonly string[], hasQuota = false } = {},
): readonly Desired[] {
  const { steps } = planChildren(aNamespace('sales', spec), cluster, { neighbours, hasQuota });
  return steps.flatMap(({ objects }) => objects.map(desiredOf));
}

function names(children: readonly Desired[]): readonly string[] {
  return children.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

describe('what a namespace has in Kubernetes', () => {
  it('is nothing where nothing of it is asked for', () => {
    expect(childrenOf({ patterns: ['keyvalue'], quota: { maxSessions: 1 } })).toEqual([]);
  });

  it.each(['namespace', 'session'] as const)('is a fence around its own pods with isolation %s', (isolation) => {
    const [policy] = childrenOf({ isolation });
    const own = { 'app.kubernetes.io/instance': 'orders', 'prism.io/prism-namespace': 'sales' };
    const part = (name: string) => ({
      podSelector: {
        matchLabels: {
          ...{ 'app.kubernetes.io/name': 'prism', 'app.kubernetes.io/instance': 'orders', 'prism.io/part': name },
        },
      },
    });
    const inside = [{ podSelector: { matchLabels: own } }, part('proxy')];
    expect(policy).toMatchObject({
      kind: 'NetworkPolicy',
      metadata: { name: 'sales-prism-namespace' },
      spec: {
        podSelector: { matchLabels: own },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: inside }],
        egress: [
          { to: [...inside, part('backend')] },
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
        ],
      },
    });
  });

  it('lets its pods out to the ports of backends that run elsewhere', () => {
    const external = { endpoint: 'redis.example:6380', secretRef: { name: 'redis' } };
    const [policy] = childrenOf(
      { isolation: 'namespace' },
      { cluster: aClusterWithPatterns({ backends: { redis: { external }, nats: {} } }) },
    );
    expect(policy).toMatchObject({
      spec: { egress: [expect.anything(), { ports: [{ port: 6_380, protocol: 'TCP' }] }, expect.anything()] },
    });
  });

  it('is no fence in a cluster that has none', () => {
    const cluster = aClusterWithPatterns({ networkPolicy: { enabled: false } });
    expect(childrenOf({ isolation: 'namespace' }, { cluster })).toEqual([]);
  });

  it('is a quota of the whole Kubernetes namespace, where nobody else is in it', () => {
    const quota = { resources: { 'limits.memory': '4Gi', pods: 20 } };
    expect(childrenOf({ quota })).toMatchObject([
      { kind: 'ResourceQuota', spec: { hard: { 'limits.memory': '4Gi', pods: 20 } } },
    ]);
    expect(childrenOf({ quota }, { neighbours: ['other'] })).toEqual([]);
  });

  it('is a quota that stays when somebody else comes later', () => {
    const quota = { resources: { pods: 20 } };
    expect(names(childrenOf({ quota }, { neighbours: ['other'], hasQuota: true }))).toEqual([
      'ResourceQuota/sales-prism-namespace',
    ]);
  });

  it.each([
    ['no quota', { quota: { resources: { pods: 20 } } }],
    ['no runners', { patterns: ['keyvalue'], dedicatedRunners: true }],
  ])('is %s where the cluster does not allow it, which it does not unless told', (_what, spec) => {
    const cluster = aClusterWithPatterns({ tenancy: {} });
    expect(childrenOf(spec, { cluster, hasQuota: true })).toEqual([]);
  });

  it('is a pattern for each of its own, like that of the cluster, where asked for', () => {
    const patterns = [
      {
        ...{ name: 'carts', runner: 'keyvalue', type: 'StatefulSet' as const, backends: ['redis' as const] },
        ...{
          storage: { type: 'sqlite' as const, size: '2Gi' },
          podLabels: { team: 'a' },
          nodeSelector: { disk: 'ssd' },
        },
      },
      { name: 'consumer', backends: ['nats' as const], replicas: 2 },
      { name: 'mailbox' },
    ];
    const cluster = aClusterWithPatterns({ patterns });
    const made = childrenOf({ patterns: ['carts', 'consumer', 'unknown'], dedicatedRunners: true }, { cluster });
    expect(names(made)).toEqual(['PrismPattern/sales-carts', 'PrismPattern/sales-consumer']);
    expect(made).toMatchObject([
      {
        spec: {
          ...{ cluster: 'orders', type: 'keyvalue', workload: 'StatefulSet', prismNamespace: 'sales' },
          ...{ backends: [{ name: 'redis' }], storage: { size: '2Gi' }, placement: { nodeSelector: { disk: 'ssd' } } },
          podLabels: { team: 'a', 'prism.io/prism-namespace': 'sales' },
        },
      },
      { spec: { type: 'consumer', workload: 'Deployment', backends: [{ name: 'nats' }] } },
    ]);
    expect(
      made.map(({ spec }: Desired & { readonly spec?: object }) => Object.keys(spec ?? {}).includes('replicas')),
    ).toEqual([false, false]);
  });

  it.each([
    ['none', undefined],
    ['namespace', 'sales'],
    ['session', 'sales'],
  ] as const)('has, with isolation %s, the cluster told to whom its pods are open: %s', (isolation, closedTo) => {
    const made = childrenOf({ patterns: ['keyvalue'], dedicatedRunners: true, isolation });
    expect(made.at(-1)?.metadata.labels?.['prism.io/closed-to']).toBe(closedTo);
  });

  it('is what the API server would take', () => {
    const made = childrenOf({ patterns: ['keyvalue', 'consumer'], dedicatedRunners: true });
    expect(made.flatMap((each) => [...PrismPattern.validate(each), ...PrismPattern.unknownFields(each)])).toEqual([]);
  });
});
