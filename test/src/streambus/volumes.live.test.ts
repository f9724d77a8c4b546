import { startControlPlane } from '@capstan/controlplane';
import { CustomResourceDefinition, PersistentVolumeClaim, Pod, StatefulSet, StorageClass } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { eventually, type World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorld, type WantedCluster, wantedCluster } from './open-bus-world.ts';

type Storage = NonNullable<WantedCluster['spec']['storage']>;

const small = { class: 'expandable', size: '1Gi', raftSize: '1Gi' } as const;
const large = { class: 'expandable', size: '3Gi', raftSize: '2Gi' } as const;

/** A world with a StorageClass of the name whose volumes grow. */
async function openGrowingWorld(): Promise<World> {
  const world = await openBusWorld();
  const provisioner = 'kubernetes.io/host-path';
  await world.apply(StorageClass, { metadata: { name: 'expandable' }, provisioner, allowVolumeExpansion: true });
  return world;
}

async function claims(world: World): Promise<readonly PersistentVolumeClaim[]> {
  return (await world.list(PersistentVolumeClaim)).toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

async function claimUids(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  return Object.fromEntries((await claims(world)).map(({ metadata: { name, uid } }) => [name, uid] as const));
}

async function sizes(world: World): Promise<Readonly<Record<string, unknown>>> {
  const sized = (await claims(world)).map(
    ({ metadata, spec }) => [metadata.name, spec?.resources?.requests?.['storage']] as const,
  );
  return Object.fromEntries(sized);
}

const sizesOf = (replicas: number, { size, raftSize }: Storage) =>
  Object.fromEntries(
    Array.from({ length: replicas }, (_, ordinal) => [
      [`data-bus-${ordinal}`, size],
      [`raft-data-bus-${ordinal}`, raftSize],
    ]).flat(),
  );

/** Kinds and names of those whose deletion takes the claims along. */
async function claimOwners(world: World): Promise<readonly string[]> {
  const owners = (await claims(world)).flatMap(({ metadata }) => metadata.ownerReferences ?? []);
  return [...new Set(owners.map(({ kind, name, uid }) => `${kind}/${name} ${uid}`))];
}

async function podUids(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const pods = await world.list(Pod);
  return Object.fromEntries(pods.map(({ metadata: { name, uid } }) => [name, uid] as const).sort());
}

async function setUid(world: World): Promise<string | undefined> {
  return (await world.get(StatefulSet, 'bus'))?.metadata.uid;
}

const change = (world: World, storage: Storage, replicas = 3) =>
  world.apply(StreamBusCluster, wantedCluster('bus', { replicas, storage }));

/** Resolves when the claims have the sizes and the StatefulSet has been made anew, around pods that all serve. */
async function untilGrown(world: World, storage: Storage, former: string | undefined, replicas = 3): Promise<void> {
  await world.eventually(async () => {
    expect(await sizes(world)).toEqual(sizesOf(replicas, storage));
    const set = await world.get(StatefulSet, 'bus');
    expect(set?.metadata.uid).toBeDefined();
    expect(set?.metadata.uid).not.toBe(former);
    expect(set?.status?.readyReplicas).toBe(replicas);
  });
  await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
}

describe('volumes', () => {
  it('grow while their brokers run, each by the size of its own, and no pod restarts', async () => {
    await using world = await openGrowingWorld();
    await bringUp(world, 'bus', { storage: small });
    const before = { pods: await podUids(world), claims: await claimUids(world), set: await setUid(world) };
    await change(world, large);
    await untilGrown(world, large, before.set);
    await world.settled();
    expect(await podUids(world)).toEqual(before.pods);
    expect(await claimUids(world)).toEqual(before.claims);
    await world.expectWrites(0, () => world.restartOperator());
    expect(await podUids(world)).toEqual(before.pods);
  });

  it('of a StorageClass that allows no expansion do not grow, and the size can be set back', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus');
    const before = { pods: await podUids(world), set: await setUid(world) };
    const rigid = { class: 'standard', size: '1Gi', raftSize: '1Gi' };
    await change(world, { ...rigid, size: '2Gi' });
    const stalled = await world.untilCondition(StreamBusCluster, 'bus', 'Stalled');
    expect(stalled).toMatchObject({
      reason: 'VolumeGrowthRefused',
      message: expect.stringContaining('StorageClass/standard does not say allowVolumeExpansion: true'),
    });
    expect(await sizes(world)).toEqual(sizesOf(3, rigid));
    await change(world, rigid);
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
    expect({ pods: await podUids(world), set: await setUid(world) }).toEqual(before);
  });

  it('are not asked to shrink: the API server refuses it', async () => {
    await using world = await openGrowingWorld();
    await bringUp(world, 'bus', { replicas: 1, storage: { ...small, size: '2Gi', raftSize: '2Gi' } });
    const refused = (field: string) => new RegExp(`spec\\.storage\\.${field}: .*volumes grow and never shrink`);
    await expect(change(world, { ...small, raftSize: '2Gi' }, 1)).rejects.toThrow(refused('size'));
    await expect(change(world, { ...small, size: '2Gi' }, 1)).rejects.toThrow(refused('raftSize'));
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
  });

  it('do not shrink where the CRD has lost its rules: the operator refuses it', async () => {
    // A CRD without its rules would be a nuisance to every other world.
    await using plane = await startControlPlane({ nodes: 'kwok', audit: true });
    await using world = await openBusWorld({ plane });
    const standard = { class: 'standard', size: '2Gi', raftSize: '2Gi' };
    await bringUp(world, 'bus', { replicas: 1, storage: standard });
    const before = { pods: await podUids(world), set: await setUid(world) };
    await removeRules(world);
    await eventually(() => change(world, { ...standard, size: '1Gi', raftSize: '1536Mi' }, 1), { timeout: 30_000 });
    const ready = await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
    expect(ready).toMatchObject({
      reason: 'StorageChangeRefused',
      message: expect.stringContaining('Set spec.storage.size back to 2Gi and spec.storage.raftSize back to 2Gi'),
    });
    expect({ pods: await podUids(world), set: await setUid(world) }).toEqual(before);
    expect(await sizes(world)).toEqual(sizesOf(1, standard));
    await change(world, standard, 1);
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
  }, 90_000);
});

/** What an administrator does who applies a CRD without its validations. */
async function removeRules(world: World): Promise<void> {
  const without = (key: string, value: unknown) => (key === 'x-kubernetes-validations' ? undefined : value);
  const crd: CustomResourceDefinition = JSON.parse(JSON.stringify(StreamBusCluster.manifest(), without));
  await world.admin.apply(CustomResourceDefinition, crd, { fieldManager: 'careless', force: true });
}

describe('the volumes of a cluster that is deleted', () => {
  const untilClaims = (world: World, names: readonly string[]) =>
    world.eventually(
      async () => {
        expect(await world.list(Pod)).toEqual([]);
        expect((await claims(world)).map(({ metadata }) => metadata.name)).toEqual(names);
      },
      // The garbage collector looks for new kinds every 30 s, and backs off from those it does not know yet.
      { timeout: 110_000 },
    );

  it('stay, also after they have grown, and a cluster of the same name takes them up again', async () => {
    await using world = await openGrowingWorld();
    await bringUp(world, 'bus', { storage: small });
    const set = await setUid(world);
    await change(world, large);
    await untilGrown(world, large, set);
    const before = await claimUids(world);
    await world.delete(StreamBusCluster, 'bus');
    await untilClaims(world, Object.keys(before));
    expect(await claimUids(world)).toEqual(before);
    await bringUp(world, 'bus', { storage: large });
    expect(await claimUids(world)).toEqual(before);
    const volumes = (await world.list(Pod)).flatMap(({ spec }) => spec?.volumes ?? []);
    const used = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    expect(used.toSorted()).toEqual(Object.keys(before));
  }, 180_000);

  it('go with it where the deletion policy says so, also after they have grown', async () => {
    await using world = await openGrowingWorld();
    const wanted = { ...small, deletionPolicy: 'Delete' } as const;
    await bringUp(world, 'bus', { replicas: 1, storage: wanted });
    const before = { pods: await podUids(world), claims: await claimUids(world), set: await setUid(world) };
    await change(world, { ...large, deletionPolicy: 'Delete' }, 1);
    await untilGrown(world, large, before.set, 1);
    // The claims belonged to the StatefulSet that was deleted: they must not have gone with it.
    expect(await claimUids(world)).toEqual(before.claims);
    expect(await podUids(world)).toEqual(before.pods);
    const after = await setUid(world);
    await world.eventually(async () => expect(await claimOwners(world)).toEqual([`StatefulSet/bus ${after}`]));
    await world.delete(StreamBusCluster, 'bus');
    await untilClaims(world, []);
  }, 180_000);

  it('follow a deletion policy that is changed while the cluster runs, without a restart', async () => {
    await using world = await openBusWorld();
    await bringUp(world, 'bus', { replicas: 1 });
    const before = { pods: await podUids(world), set: await setUid(world) };
    const withPolicy = (deletionPolicy: 'Delete' | 'Retain') =>
      change(world, { class: 'standard', size: '1Gi', raftSize: '1Gi', deletionPolicy }, 1);
    expect(await claimOwners(world)).toEqual([]);
    await withPolicy('Delete');
    await world.eventually(async () => expect(await claimOwners(world)).toEqual([`StatefulSet/bus ${before.set}`]));
    await withPolicy('Retain');
    await world.eventually(async () => expect(await claimOwners(world)).toEqual([]));
    await withPolicy('Delete');
    await world.eventually(async () => expect(await claimOwners(world)).toEqual([`StatefulSet/bus ${before.set}`]));
    await world.settled();
    expect({ pods: await podUids(world), set: await setUid(world) }).toEqual(before);
    await world.delete(StreamBusCluster, 'bus');
    await untilClaims(world, []);
  }, 180_000);
});
