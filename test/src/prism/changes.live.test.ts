import { Deployment, PersistentVolumeClaim, Secret, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, told, untilPhase, wantedPrism, workloads } from './open-prism-world.ts';

const names = async (world: World, type: typeof Secret | typeof PersistentVolumeClaim) =>
  (
    await world.list<{
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string };
    }>(type)
  )
    .map(({ metadata }) => metadata.name)
    .sort();

describe('a pattern', () => {
  it('that is taken out goes, and its volume stays', async () => {
    await using world = await openPrismWorld();
    const patterns = [
      { name: 'mailbox', type: 'StatefulSet' as const, storage: {} },
      { name: 'consumer', backends: ['nats' as const] },
    ];
    await bringUp(world, wantedPrism('prism', { patterns }));
    await world.apply(PrismCluster, wantedPrism('prism', { patterns: patterns.slice(1) }));
    await world.eventually(async () =>
      expect(await workloads(world)).not.toContain('StatefulSet/prism-mailbox-runner'),
    );
    await untilPhase(world, 'prism', 'Running');
    expect(await names(world, Secret)).not.toContain('prism-mailbox-runner-config');
    expect(await names(world, PersistentVolumeClaim)).toContain('data-prism-mailbox-runner-0');
  }, 120_000);

  it('of another kind becomes that kind', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wantedPrism('prism'));
    await world.apply(
      PrismCluster,
      wantedPrism('prism', { patterns: [{ name: 'keyvalue', type: 'Deployment', backends: ['redis'] }] }),
    );
    await world.eventually(async () => {
      const all = await workloads(world);
      expect(all).toContain('Deployment/prism-keyvalue-runner');
      expect(all).not.toContain('StatefulSet/prism-keyvalue-runner');
    });
    await untilPhase(world, 'prism', 'Running');
  }, 120_000);
});

describe('two clusters in one namespace', () => {
  it('have nothing in common, and either goes without the other', async () => {
    await using world = await openPrismWorld();
    await Promise.all([bringUp(world, wantedPrism('blue')), bringUp(world, wantedPrism('green'))]);
    const of = (all: readonly string[], cluster: string) =>
      all.filter((each) => each.includes(`/${cluster}-`)).map((each) => each.replace(`/${cluster}-`, '/'));
    const both = await workloads(world);
    expect(of(both, 'blue')).toEqual(of(both, 'green'));
    expect(of(both, 'blue')).toHaveLength(6);
    await world.delete(PrismCluster, 'blue');
    await world.eventually(async () => expect(of(await workloads(world), 'blue')).toEqual([]), patiently);
    expect(of(await workloads(world), 'green')).toEqual(of(both, 'green'));
    await world.settled();
    await untilPhase(world, 'green', 'Running');
  }, 180_000);

  it("one is refused an object that is already somebody else's, and leaves it alone", async () => {
    await using world = await openPrismWorld();
    const selector = { matchLabels: { app: 'mine' } };
    const template = { metadata: { labels: { app: 'mine' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } };
    await world.apply(StatefulSet, {
      metadata: { name: 'prism-redis' },
      spec: { serviceName: 'mine', selector, template },
    });
    await world.apply(PrismCluster, wantedPrism('prism'));
    await world.eventually(async () => expect(await told(world, 'prism', 'Stalled')).toMatch(/^True /));
    expect((await world.get(StatefulSet, 'prism-redis'))?.spec?.template.spec?.containers[0]?.image).toBe('a:1');
  }, 120_000);
});

describe('a cluster that is deleted', () => {
  it('leaves its volumes and passwords, which one of its name takes up again', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wantedPrism('prism'));
    const password = async () => (await world.get(Secret, 'prism-redis-credentials'))?.data?.['password'];
    const before = await password();
    await world.delete(PrismCluster, 'prism');
    await world.eventually(async () => expect(await workloads(world)).toEqual([]), patiently);
    expect(await names(world, PersistentVolumeClaim)).toEqual(['data-prism-redis-0', 'prism-prism-admin-data']);
    expect(await password()).toBe(before);
    await bringUp(world, wantedPrism('prism'));
    expect(await password()).toBe(before);
  }, 240_000);

  it('takes everything along where its policy says so', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wantedPrism('prism', { deletionPolicy: 'Delete' }));
    await world.delete(PrismCluster, 'prism');
    await world.eventually(async () => {
      expect(await names(world, PersistentVolumeClaim)).toEqual([]);
      expect((await names(world, Secret)).filter((name) => name.startsWith('prism-'))).toEqual([]);
    }, patiently);
  }, 180_000);
});

describe('a spec that must not be carried out', () => {
  it('is refused by the server where it can tell, with the reason', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wantedPrism('prism'));
    const refused = (spec: object) => world.edit(PrismCluster, 'prism', { spec });
    await expect(refused({ admin: { replicas: 3 } })).rejects.toThrow('silently loses every namespace');
    await expect(refused({ admin: { replicas: 2 } })).rejects.toThrow('must be 1, 3 or 5');
    await expect(refused({ backends: { redis: { replicas: 2 } } })).rejects.toThrow(
      'independent stores behind one name',
    );
    await expect(refused({ admin: { storage: { size: '1Mi' } } })).rejects.toThrow('volumes grow and never shrink');
  }, 120_000);

  it('is Failed where only the operator can tell, and runs again with the spec before', async () => {
    await using world = await openPrismWorld();
    await world.apply(PrismCluster, wantedPrism('prism', { admin: { storage: { type: 'postgres' } } }));
    await untilPhase(world, 'prism', 'Failed');
    expect(await told(world, 'prism', 'Accepted')).toContain('False AdminStorageUnsupported');
    expect(await workloads(world)).toEqual([]);
    await world.apply(PrismCluster, wantedPrism('prism', { admin: { storage: { type: 'sqlite' } } }));
    await untilPhase(world, 'prism', 'Running');
    await world.podsAre('never-ready');
    await untilPhase(world, 'prism', 'Degraded');
    const proxy = await world.get(Deployment, 'prism-prism-proxy');
    expect(proxy?.spec?.replicas).toBe(1);
  }, 180_000);
});
