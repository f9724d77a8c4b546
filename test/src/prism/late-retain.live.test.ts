import { PersistentVolumeClaim, Secret } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, untilPhase, type WantedPrism, workloads } from './open-prism-world.ts';

const wanted: WantedPrism = {
  metadata: { name: 'prism' },
  spec: {
    deletionPolicy: 'Delete',
    backends: { redis: {} },
    patterns: [{ name: 'keyvalue', type: 'StatefulSet', storage: {}, backends: ['redis'] }],
  },
};

/** Claims, and Secrets with what cannot be made again. */
async function data(world: World): Promise<readonly string[]> {
  const secrets = (await world.list(Secret)).filter(({ metadata }) => /-credentials$|-hash-key$/.test(metadata.name));
  const all = [...(await world.list(PersistentVolumeClaim)), ...secrets];
  return all.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
}

async function untilGone(world: World): Promise<void> {
  await world.eventually(async () => {
    expect(await world.get(PrismCluster, 'prism')).toBeUndefined();
    expect(await workloads(world)).toEqual([]);
  }, patiently);
}

const everything = [
  'PersistentVolumeClaim/data-prism-keyvalue-runner-0',
  'PersistentVolumeClaim/data-prism-redis-0',
  'PersistentVolumeClaim/prism-prism-admin-data',
  'Secret/prism-prism-hash-key',
  'Secret/prism-redis-credentials',
];

describe('a cluster whose data was to go with it', () => {
  it('leaves it where Retain was set while the operator was away, and one of its name takes it up', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wanted);
    await world.stopOperator();
    await world.edit(PrismCluster, 'prism', { spec: { deletionPolicy: 'Retain' } });
    await world.delete(PrismCluster, 'prism');
    await world.startOperator();
    await untilGone(world);
    // Nothing is left to the garbage collector either: what it could still collect names an owner.
    const claims = await world.list(PersistentVolumeClaim);
    expect(claims.flatMap(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([]);
    expect(await data(world)).toEqual(everything);
    const before = (await world.get(Secret, 'prism-redis-credentials'))?.data?.['password'];
    await bringUp(world, { ...wanted, spec: { ...wanted.spec, deletionPolicy: 'Retain' } });
    expect((await world.get(Secret, 'prism-redis-credentials'))?.data?.['password']).toBe(before);
  }, 240_000);

  it('leaves it where Retain is part of a spec that is refused', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wanted);
    const bad = { podLabels: { 'no label': 'x' } };
    await world.edit(PrismCluster, 'prism', { spec: { deletionPolicy: 'Retain', proxy: bad } });
    await untilPhase(world, 'prism', 'Failed');
    await world.delete(PrismCluster, 'prism');
    await untilGone(world);
    expect(await data(world)).toEqual(everything);
  }, 180_000);

  it('takes it along where the policy still says so, also while the operator was away', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wanted);
    await world.stopOperator();
    await world.delete(PrismCluster, 'prism');
    expect((await world.get(PrismCluster, 'prism'))?.metadata.deletionTimestamp).toBeDefined();
    await world.startOperator();
    await untilGone(world);
    await world.eventually(async () => expect(await data(world)).toEqual([]), patiently);
  }, 180_000);

  it('is not held where its policy is Retain: nothing has to be done for data to stay', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, { ...wanted, spec: { ...wanted.spec, deletionPolicy: 'Retain' } });
    expect((await world.get(PrismCluster, 'prism'))?.metadata.finalizers ?? []).toEqual([]);
    await world.stopOperator();
    await world.delete(PrismCluster, 'prism');
    await untilGone(world);
    expect(await data(world)).toEqual(everything);
  }, 180_000);
});
