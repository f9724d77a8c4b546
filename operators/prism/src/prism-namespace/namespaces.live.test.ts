import { NetworkPolicy, Pod, ResourceQuota } from '@capstan/kube';
import { millis } from '@capstan/runtime';
import { openWorld, type World, type WorldOptions } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { dialControlPlane } from '../admin/control-plane/grpc-control-plane.ts';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace, type PrismNamespaceSpec } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { prismNamespaceLabel } from '../labels.ts';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { namespaceController } from './controller.ts';

/** A world with the operator of namespaces alone, whose admins are fakes: by the name of their cluster. */
async function openNamespaces(admins: Readonly<Record<string, FakeControlPlane>>, options: Partial<WorldOptions> = {}) {
  const dial = (address: string) => {
    const [service = ''] = address.split('.');
    const fake = admins[service.replace(/-prism-admin$/, '')];
    return dialControlPlane(fake?.address ?? '127.0.0.1:1');
  };
  return openWorld({
    ...{
      controllers: [namespaceController({ dial, quietMs: millis(0) })],
      kinds: [PrismCluster, PrismPattern],
      name: 'prismns',
    },
    ...options,
  });
}

/** A cluster of one prism-admin whose pod is ready. The operator of clusters is not there: what it would make, the test makes. */
async function haveCluster(world: World, name: string): Promise<void> {
  const patterns = ['keyvalue', 'consumer'].map((pattern) => ({ name: pattern }));
  const tenancy = { allowResourceQuotas: true, allowDedicatedRunners: true };
  await world.apply(PrismCluster, { metadata: { name }, spec: { patterns, tenancy } });
  await startAdmin(world, name, 'a');
}

/** Says of all patterns what their own controller would: that they run. */
async function runPatterns(world: World): Promise<void> {
  for (const { metadata } of await world.list(PrismPattern)) {
    const ready = {
      ...{ type: 'Ready', status: 'True', reason: 'AllReady', message: 'All pods are available.' },
      ...{ observedGeneration: metadata.generation, lastTransitionTime: new Date().toISOString() },
    };
    const body = { status: { conditions: [ready] } };
    const ref = { namespace: world.namespace, name: metadata.name };
    const options = { subresource: 'status', fieldManager: 'prism-patterns' } as const;
    await world.admin.patch(PrismPattern, ref, { kind: 'merge', body }, options);
  }
}

async function startAdmin(world: World, cluster: string, incarnation: string): Promise<void> {
  const labels = {
    ...{ 'app.kubernetes.io/name': 'prism', 'app.kubernetes.io/managed-by': 'prism-operator' },
    ...{ 'app.kubernetes.io/instance': cluster, 'app.kubernetes.io/component': 'prism-admin' },
  };
  const name = `${cluster}-prism-admin-${incarnation}`;
  await world.apply(Pod, {
    metadata: { name, labels },
    spec: { containers: [{ name: 'admin', image: 'prism-admin' }] },
  });
}

function wanted(name: string, spec: Partial<PrismNamespaceSpec> = {}) {
  return { metadata: { name }, spec: { cluster: 'prism-local', ...spec } };
}

const ready = (world: World, name: string) => world.untilCondition(PrismNamespace, name, 'Ready');

const statusOf = async (world: World, name: string) => (await world.get(PrismNamespace, name))?.status;

/** `False Reason` of a condition. */
async function told(world: World, name: string, type: string): Promise<string | undefined> {
  const found = (await world.conditions(PrismNamespace, name)).find((each) => each.type === type);
  return found && `${found.status} ${found.reason}`;
}

const sample = {
  patterns: ['keyvalue', 'consumer'],
  isolation: 'namespace' as const,
  quota: { maxSessions: 1_000, maxRequestsPerSecond: 10_000 },
};

describe('the sample of a namespace', () => {
  it('is in prism-admin, closed in Kubernetes, honest about its quota, and costs nothing from then on', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    await world.apply(PrismNamespace, wanted('orders', sample));
    await ready(world, 'orders');
    expect(fake.calls.map(({ method }) => method)).toEqual([
      ...['CreateNamespace', 'RegisterProxy', 'CreateNamespace'],
      'RegisterProxy',
    ]);
    expect(fake.namespaces.get('orders')?.metadata).toMatchObject({
      ...{ isolation: 'namespace', patterns: 'consumer,keyvalue' },
      ...{ 'quota.maxSessions': '1000', 'quota.maxRequestsPerSecond': '10000' },
    });
    expect([...fake.proxies.values()]).toEqual([`prism-local-prism-proxy.${world.namespace}.svc:8980`]);
    expect(await told(world, 'orders', 'QuotaEnforced')).toBe('False Unsupported');
    const policy = await world.get(NetworkPolicy, 'orders-prism-namespace');
    expect(policy?.spec).toMatchObject({
      podSelector: { matchLabels: { [prismNamespaceLabel]: 'orders' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    await world.settled();
    const [start, calls] = [world.audit.position(), fake.calls.length];
    await world.restartOperator();
    await world.settled({ quietMs: 1_500 });
    expect([world.requests(start), fake.calls.length]).toEqual([
      world.requests(start).filter(({ verb }) => verb === 'list'),
      calls,
    ]);
    expect(world.writes(start)).toEqual([]);
  }, 120_000);

  it('gets runners of its own and a quota of the Kubernetes namespace, where asked for', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    const quota = { resources: { 'requests.memory': '64Gi', pods: 100 } };
    await world.apply(PrismNamespace, wanted('orders', { ...sample, dedicatedRunners: true, quota }));
    await world.eventually(async () => {
      expect(await told(world, 'orders', 'Synced')).toBe('True ReadBack');
      expect(await told(world, 'orders', 'Isolated')).toBe('False Waiting');
    });
    await world.edit(PrismPattern, 'orders-keyvalue', { spec: { replicas: 3 } });
    await runPatterns(world);
    await ready(world, 'orders');
    expect((await world.get(PrismPattern, 'orders-keyvalue'))?.spec.replicas).toBe(3);
    expect((await world.list(PrismPattern)).map(({ metadata, spec }) => [metadata.name, spec.prismNamespace])).toEqual([
      ['orders-consumer', 'orders'],
      ['orders-keyvalue', 'orders'],
    ]);
    expect((await world.get(ResourceQuota, 'orders-prism-namespace'))?.spec?.hard).toEqual({
      ...{ 'requests.memory': '64Gi', pods: '100' },
    });
    expect(await told(world, 'orders', 'Isolated')).toBe('True Fenced');
    expect(await told(world, 'orders', 'QuotaEnforced')).toBe('True Made');
    await world.apply(PrismNamespace, wanted('bills', { quota }));
    await world.eventually(async () =>
      expect(await told(world, 'bills', 'QuotaEnforced')).toBe('False NotUnambiguous'),
    );
    expect((await world.list(ResourceQuota)).map(({ metadata }) => metadata.name)).toEqual(['orders-prism-namespace']);
    await world.edit(PrismNamespace, 'orders', { spec: { dedicatedRunners: false } });
    await world.eventually(async () => expect(await world.list(PrismPattern)).toEqual([]));
    await world.delete(PrismNamespace, 'orders');
    await world.eventually(async () => expect(await told(world, 'bills', 'QuotaEnforced')).toBe('True Made'));
    expect(await world.permissions()).toMatchObject({ forbidden: [] });
  }, 120_000);
});

describe('prism-admin', () => {
  it('that was started anew is asked once for all namespaces, and told of those that it lost', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    const names = ['a', 'b', 'c'];
    for (const name of names) await world.apply(PrismNamespace, wanted(name));
    for (const name of names) await ready(world, name);
    fake.namespaces.delete('b');
    const before = fake.calls.length;
    await startAdmin(world, 'prism-local', 'b');
    await world.delete(Pod, 'prism-local-prism-admin-a');
    await world.eventually(() => expect([...fake.namespaces.keys()].sort()).toEqual(names));
    await world.settled({ quietMs: 1_500 });
    expect(fake.calls.slice(before).filter(({ method }) => method === 'CreateNamespace')).toHaveLength(1);
    expect(fake.mostAtOnce).toBe(1);
  }, 120_000);

  it('that was made anew without its data is told of everything', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    for (const name of ['a', 'b']) await world.apply(PrismNamespace, wanted(name));
    for (const name of ['a', 'b']) await ready(world, name);
    fake.forgetAll();
    const epoch = { kind: 'merge', body: { status: { adminEpoch: 1 } } } as const;
    const ref = { namespace: world.namespace, name: 'prism-local' };
    await world.admin.patch(PrismCluster, ref, epoch, { subresource: 'status', fieldManager: 'a-user' });
    await world.eventually(async () => {
      for (const name of ['a', 'b']) expect((await statusOf(world, name))?.admin?.epoch).toBe(1);
    });
    expect([...fake.namespaces.keys()].sort()).toEqual(['a', 'b']);
  }, 120_000);

  it('that hangs holds up its own namespaces, and no others; and they come when it is well again', async () => {
    await using slow = await FakeControlPlane.start();
    await using well = await FakeControlPlane.start();
    slow.mood = 'Hangs';
    await using world = await openNamespaces({ slow, well });
    await haveCluster(world, 'slow');
    await haveCluster(world, 'well');
    const held = Array.from({ length: 30 }, (_, index) => `held-${index}`);
    for (const name of held) await world.apply(PrismNamespace, wanted(name, { cluster: 'slow' }));
    const began = performance.now();
    await world.apply(PrismNamespace, wanted('quick', { cluster: 'well' }));
    await ready(world, 'quick');
    console.log(`ready beside 30 namespaces of an admin that hangs: ${Math.round(performance.now() - began)} ms`);
    await world.untilCondition(PrismNamespace, 'held-29', 'AdminReachable', 'False', { timeout: 20_000 });
    expect(await told(world, 'held-29', 'Synced')).toBe('False Unreachable');
    slow.mood = 'Well';
    await Promise.all(
      held.map((name) => world.untilCondition(PrismNamespace, name, 'Ready', 'True', { timeout: 60_000 })),
    );
    expect([slow.mostAtOnce, slow.crashedBy]).toEqual([1, undefined]);
  }, 180_000);

  it('without a leader is waited for, and so is one that has no proxy to give namespaces to', async () => {
    await using fake = await FakeControlPlane.start();
    fake.mood = 'NoLeader';
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    await world.edit(PrismCluster, 'prism-local', { spec: { admin: { proxyRegistration: 'None' } } });
    await world.apply(PrismNamespace, wanted('orders'));
    await world.eventually(async () => expect(await told(world, 'orders', 'Synced')).toBe('False NoLeader'));
    fake.mood = 'Well';
    await world.eventually(async () => expect(await told(world, 'orders', 'Synced')).toBe('False WaitingForProxy'), {
      timeout: 20_000,
    });
    fake.proxies.set('a-proxy', 'elsewhere:8980');
    await world.eventually(async () => expect(await told(world, 'orders', 'Synced')).toBe('True NotReadBack'), {
      timeout: 30_000,
    });
    expect(fake.count('RegisterProxy')).toBe(0);
  }, 120_000);
});

describe('fifty namespaces of one cluster', () => {
  it('are told one after the other, and read back together', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    const names = Array.from({ length: 50 }, (_, index) => `n-${index}`);
    await Promise.all(names.map((name) => world.apply(PrismNamespace, wanted(name, sample))));
    await Promise.all(
      names.map((name) => world.untilCondition(PrismNamespace, name, 'Ready', 'True', { timeout: 60_000 })),
    );
    const [created, registered] = [fake.count('CreateNamespace'), fake.count('RegisterProxy')];
    console.log(`50 namespaces: ${created} CreateNamespace, ${registered} RegisterProxy`);
    expect(created).toBe(51);
    expect(registered).toBeLessThanOrEqual(51);
    expect([fake.mostAtOnce, fake.crashedBy]).toEqual([1, undefined]);
    await world.settled({ quietMs: 1_500 });
    expect(fake.calls).toHaveLength(created + registered);
  }, 180_000);
});

describe('a namespace that is deleted', () => {
  it('goes at once although prism-admin is away, and an event says that it stays there', async () => {
    const fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    await world.apply(PrismNamespace, wanted('orders', sample));
    await ready(world, 'orders');
    fake.stop();
    await world.delete(PrismNamespace, 'orders');
    await world.eventually(async () => expect(await world.get(PrismNamespace, 'orders')).toBeUndefined());
    await world.eventually(async () => {
      const reasons = (await world.events(PrismNamespace, 'orders')).map(({ reason }) => reason);
      expect(reasons).toContain('StaysInAdmin');
    });
  }, 120_000);

  it('goes at once although its cluster has gone before', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openNamespaces({ 'prism-local': fake });
    await haveCluster(world, 'prism-local');
    for (const name of ['orders', 'late']) await world.apply(PrismNamespace, wanted(name));
    await ready(world, 'orders');
    await world.delete(PrismCluster, 'prism-local');
    await world.untilCondition(PrismNamespace, 'orders', 'ClusterFound', 'False');
    for (const name of ['orders', 'late']) await world.delete(PrismNamespace, name);
    await world.eventually(async () => expect(await world.list(PrismNamespace)).toEqual([]));
  }, 120_000);
});
