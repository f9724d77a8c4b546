import { Deployment, NetworkPolicy } from '@capstan/kube';
import { millis } from '@capstan/runtime';
import { openWorld, type World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { dialControlPlane } from './admin/control-plane/grpc-control-plane.ts';
import { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from './api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from './api/v1beta1/prism-pattern.ts';
import { prismController } from './controller.ts';
import { prismNamespaceLabel } from './labels.ts';
import { namespaceController } from './prism-namespace/controller.ts';
import { patternController } from './prism-pattern/controller.ts';
import { FakeControlPlane } from './testing/fake-control-plane.ts';

/** Of a group of members the second one leads. */
const members = {
  ask: ({ pod }: { readonly pod: string }) =>
    Promise.resolve(`prism_admin_raft_state ${pod.endsWith('-prism-admin-2') ? 2 : 0}\n`),
};

/** Patterns count as available after 15 seconds, and a step waits for the one before. */
const patiently = { timeout: 90_000 } as const;

function openAllKinds(fake: FakeControlPlane): Promise<World> {
  const dial = () => dialControlPlane(fake.address);
  return openWorld({
    name: 'together',
    controllers: [
      prismController({ adminMetrics: members }),
      patternController(),
      namespaceController({ dial, quietMs: millis(0) }),
    ],
  });
}

/** The workloads of the runners that were made for a namespace of Prism alone. */
async function dedicated(world: World): Promise<readonly Deployment[]> {
  const all = await world.list(Deployment);
  return all.filter(({ metadata }) => metadata.name.includes('orders-consumer'));
}

async function untilBootstrapped(world: World, replicas: number, epoch: number): Promise<void> {
  await world.eventually(async () => {
    const { status } = (await world.get(PrismCluster, 'prism')) ?? {};
    expect(status).toMatchObject({ bootstrappedAdminReplicas: replicas, adminEpoch: epoch, phase: 'Running' });
    expect(status?.adminRebootstrap).toBeUndefined();
  }, patiently);
}

describe('the kinds of Prism together', () => {
  it('run a namespace’s own runner in its cluster, and tell prism-admin of the namespace again when it was bootstrapped anew', async () => {
    await using fake = await FakeControlPlane.start();
    await using world = await openAllKinds(fake);
    await world.apply(PrismCluster, {
      metadata: { name: 'prism' },
      spec: {
        admin: { replicas: 1 },
        patterns: [{ name: 'consumer', backends: ['nats'] }],
        backends: { nats: {} },
        tenancy: { allowDedicatedRunners: true },
      },
    });
    await world.apply(PrismNamespace, {
      metadata: { name: 'orders' },
      spec: { cluster: 'prism', patterns: ['consumer'], isolation: 'namespace', dedicatedRunners: true },
    });
    await world.untilCondition(PrismNamespace, 'orders', 'Ready', 'True', patiently);
    await world.untilCondition(PrismPattern, 'orders-consumer', 'Ready', 'True', patiently);
    const [runner] = await dedicated(world);
    expect(runner?.status?.availableReplicas).toBe(1);
    expect(runner?.spec?.template.metadata?.labels?.[prismNamespaceLabel]).toBe('orders');
    expect((await world.get(NetworkPolicy, 'orders-prism-namespace'))?.spec?.podSelector).toMatchObject({
      matchLabels: { [prismNamespaceLabel]: 'orders' },
    });
    expect([...fake.namespaces.keys()]).toEqual(['orders']);

    const change = { metadata: { annotations: { 'prism.io/rebootstrap-admin': '1->3' } } };
    await world.edit(PrismCluster, 'prism', change);
    const offered = await world.untilCondition(PrismCluster, 'prism', 'AdminRebootstrapOffered');
    expect(offered.message).toContain('of this cluster will be created in it anew');
    await world.edit(PrismCluster, 'prism', { spec: { admin: { replicas: 3 } } });
    await world.eventually(async () => {
      const { status } = (await world.get(PrismCluster, 'prism')) ?? {};
      expect(status?.adminRebootstrap ?? status?.adminEpoch).toBeDefined();
    }, patiently);
    fake.forgetAll(); // as an empty prism-admin has
    await untilBootstrapped(world, 3, 1);
    expect([...fake.namespaces.keys()]).toEqual(['orders']);
    expect((await world.get(PrismNamespace, 'orders'))?.status?.admin?.epoch).toBe(1);

    await world.edit(PrismNamespace, 'orders', { spec: { dedicatedRunners: false } });
    await world.eventually(async () => {
      expect(await world.list(PrismPattern)).toEqual([]);
      expect(await dedicated(world)).toEqual([]);
    }, patiently);
    expect([fake.mostAtOnce, fake.crashedBy]).toEqual([1, undefined]);
    expect(await world.permissions()).toMatchObject({ forbidden: [] });
  }, 300_000);
});
