import { PersistentVolumeClaim, Pod, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, podUids, told, untilPhase, type WantedPrism } from './open-prism-world.ts';

/** Of every group the second member leads. */
const members = {
  ask: ({ pod }: { readonly pod: string }) =>
    Promise.resolve(`prism_admin_raft_state ${pod === 'prism-prism-admin-2' ? 2 : 0}\n`),
};

const small = (replicas: number, more: Partial<WantedPrism['spec']> = {}): WantedPrism => ({
  metadata: { name: 'prism' },
  spec: { admin: { replicas }, patterns: [{ name: 'consumer', backends: ['nats'] }], backends: { nats: {} }, ...more },
});

const openRebootstrapWorld = () => openPrismWorld({ operator: { adminMetrics: members } });

/** UIDs of the claims of prism-admin, by name. */
async function adminClaims(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const all = await world.list(PersistentVolumeClaim);
  const own = all.filter(({ metadata }) => metadata.name.includes('prism-admin'));
  return Object.fromEntries(own.map(({ metadata }) => [metadata.name, metadata.uid]));
}

async function agree(world: World, change: string): Promise<void> {
  await world.edit(PrismCluster, 'prism', { metadata: { annotations: { 'prism.io/rebootstrap-admin': change } } });
  await world.untilCondition(PrismCluster, 'prism', 'AdminRebootstrapOffered');
}

const ask = (world: World, replicas: number) => world.edit(PrismCluster, 'prism', { spec: { admin: { replicas } } });

async function untilBootstrapped(world: World, replicas: number, epoch: number): Promise<void> {
  await world.eventually(async () => {
    const { status } = (await world.get(PrismCluster, 'prism')) ?? {};
    expect(status).toMatchObject({ bootstrappedAdminReplicas: replicas, adminEpoch: epoch, phase: 'Running' });
    expect(status?.adminRebootstrap).toBeUndefined();
  }, patiently);
}

/** What was done to the StatefulSet of prism-admin: `patch 201` made it, `patch 200` would have changed it in place. */
function writesToGroup(world: World, since: number): readonly string[] {
  return world
    .writes(since)
    .filter(({ resource, name }) => resource === 'statefulsets' && name === 'prism-prism-admin')
    .map(({ verb, code }) => `${verb} ${code}`);
}

describe('another number of prism-admins', () => {
  it('is had by bootstrapping anew, from 1 to 3 and from 3 to 5, whenever the operator ends: former volumes stay, no group changes in place', async () => {
    await using world = await openRebootstrapWorld();
    await bringUp(world, small(1));
    const single = await adminClaims(world);
    const others = [await podUids(world, 'prism-proxy'), await podUids(world, 'consumer-runner')];
    await expect(ask(world, 3)).rejects.toThrow("--overwrite prism.io/rebootstrap-admin='FROM->TO'");
    const start = world.audit.position();
    await agree(world, '1->3');
    expect(await told(world, 'prism', 'AdminRebootstrapOffered')).toMatch(/every namespace in it is lost/);
    await ask(world, 3);
    for (let restarts = 0; restarts < 3; restarts += 1) await world.restartOperator();
    await untilBootstrapped(world, 3, 1);
    expect(writesToGroup(world, start)).toEqual(['patch 201']);

    const second = world.audit.position();
    await agree(world, '3->5');
    await ask(world, 5);
    for (let restarts = 0; restarts < 3; restarts += 1) await world.restartOperator();
    await untilBootstrapped(world, 5, 2);
    expect(writesToGroup(world, second)).toEqual(['delete 200', 'patch 201']);

    const group = await world.get(StatefulSet, 'prism-prism-admin');
    expect(group?.spec?.volumeClaimTemplates?.[0]?.metadata?.name).toBe('data-2');
    expect(await adminClaims(world)).toMatchObject(single);
    expect(Object.keys(await adminClaims(world))).toHaveLength(1 + 3 + 5);
    expect([await podUids(world, 'prism-proxy'), await podUids(world, 'consumer-runner')]).toEqual(others);
    await world.eventually(async () => {
      const events = (await world.events(PrismCluster, 'prism')).map(({ reason }) => reason);
      expect(events).toEqual(expect.arrayContaining(['OptedIn', 'Rebootstrapping', 'Rebootstrapped']));
    });
    // What was agreed to once has no effect any more.
    await expect(ask(world, 3)).rejects.toThrow('FROM->TO');
  }, 300_000);

  it('is gone back from while the former members stop, and nothing is lost', async () => {
    await using world = await openRebootstrapWorld();
    await bringUp(world, small(3, { deletionPolicy: 'Delete' }));
    const before = await adminClaims(world);
    // A pod that something else holds back keeps the cluster in its first step.
    await world.edit(Pod, 'prism-prism-admin-1', { metadata: { finalizers: ['example.dev/hold'] } });
    await agree(world, '3->1');
    await ask(world, 1);
    await world.eventually(async () => {
      expect(await world.get(StatefulSet, 'prism-prism-admin')).toBeUndefined();
      expect(await told(world, 'prism', 'AdminHealthy')).toMatch(
        /^False Rebootstrapping: .*prism-prism-admin-1 is to go/,
      );
    }, patiently);
    await ask(world, 3);
    await world.edit(Pod, 'prism-prism-admin-1', { metadata: { finalizers: [] } });
    await world.eventually(async () => expect((await podUids(world, 'prism-admin')).length).toBe(3), patiently);
    await untilPhase(world, 'prism', 'Running');
    expect(await adminClaims(world)).toEqual(before);
    expect((await world.get(PrismCluster, 'prism'))?.status?.adminEpoch).toBeUndefined();
  }, 240_000);
});
