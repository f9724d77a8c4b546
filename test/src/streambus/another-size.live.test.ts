import { PersistentVolumeClaim, Pod, StatefulSet } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers, wantedCluster } from './open-bus-world.ts';

async function claims(world: World): Promise<ReadonlyMap<string, string | undefined>> {
  const all = await world.list(PersistentVolumeClaim);
  return new Map(all.map(({ metadata }) => [metadata.name, metadata.uid] as const).sort());
}

async function replicasOf(world: World): Promise<number | undefined> {
  return (await world.get(StatefulSet, 'bus'))?.spec?.replicas;
}

async function optFor(world: World, size: number): Promise<void> {
  const annotations = { 'streambus.io/re-bootstrap-to': String(size) };
  await world.edit(StreamBusCluster, 'bus', { metadata: { annotations } });
  await world.untilCondition(StreamBusCluster, 'bus', 'ReBootstrapOffered', 'True');
}

const scaleTo = (world: World, replicas: number) =>
  world.admin.setScale(StreamBusCluster, { namespace: world.namespace, name: 'bus' }, replicas);

async function untilServing(world: World, size: number): Promise<void> {
  await world.eventually(
    async () => {
      const { spec, status } = (await world.get(StreamBusCluster, 'bus')) ?? {};
      expect(status).toMatchObject({ bootstrapReplicas: size, readyReplicas: size, phase: 'Running' });
      expect([spec?.replicas, status?.reBootstrap]).toEqual([size, undefined]);
    },
    { timeout: 60_000 },
  );
}

describe('another number of brokers', () => {
  const unsafe = [
    [1, 3],
    [3, 1],
    [3, 4],
  ] as const;
  it.each(unsafe)(
    'is refused from %i to %i, by kubectl scale too, with what to do instead, and nothing changes',
    async (from, to) => {
      await using bus = await openBusWorldWithBrokers();
      const { world } = bus;
      await bringUp(world, 'bus', { replicas: from });
      const before = await claims(world);
      const refused = /cannot be changed once the cluster has started: .*streambus\.io\/re-bootstrap-to/;
      await expect(world.apply(StreamBusCluster, wantedCluster('bus', { replicas: to }))).rejects.toThrow(refused);
      await expect(scaleTo(world, to)).rejects.toThrow(refused);
      expect(await replicasOf(world)).toBe(from);
      expect(await claims(world)).toEqual(before);
      await world.untilCondition(StreamBusCluster, 'bus', 'Ready');
    },
  );

  it('is refused to a new cluster on the raft volumes of a former one, which takes them up with the former size', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus', { replicas: 1 });
    await world.delete(StreamBusCluster, 'bus');
    await world.eventually(async () => expect(await world.get(StatefulSet, 'bus')).toBeUndefined(), {
      timeout: 90_000,
    });
    const before = await claims(world);
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 3 }));
    const refused = await world.untilCondition(StreamBusCluster, 'bus', 'Accepted', 'False');
    expect(refused.reason).toBe('RaftVolumesRemain');
    expect(refused.message).toContain('Set spec.replicas to 1 to take them up again');
    expect(await world.get(StatefulSet, 'bus')).toBeUndefined();
    await bringUp(world, 'bus', { replicas: 1 });
    expect(await claims(world)).toEqual(before);
  }, 120_000);

  it('is had by bootstrapping anew: what it costs is said first, raft volumes go, and volumes with messages stay', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    const before = await claims(world);
    await optFor(world, 4);
    const offer = await world.untilCondition(StreamBusCluster, 'bus', 'ReBootstrapOffered', 'True');
    expect(offer.message).toMatch(/spec\.replicas may be set to 4\. .*topics made over the HTTP API are lost/);
    expect(await replicasOf(world)).toBe(3);
    await scaleTo(world, 4);
    await untilServing(world, 4);
    const after = await claims(world);
    for (const ordinal of [0, 1, 2]) {
      expect(after.get(`data-bus-${ordinal}`)).toBe(before.get(`data-bus-${ordinal}`));
      expect(after.get(`raft-data-bus-${ordinal}`)).not.toBe(before.get(`raft-data-bus-${ordinal}`));
    }
    expect([...after.keys()].filter((name) => name.startsWith('data-'))).toHaveLength(4);
    await world.eventually(async () => {
      const notes = (await world.events(StreamBusCluster, 'bus')).map(({ reason }) => reason);
      expect(notes).toEqual(expect.arrayContaining(['ReBootstrapOffered', 'ReBootstrapping', 'ReBootstrapped']));
    });
    // The annotation has done its work: it offers nothing any more.
    expect((await world.get(StreamBusCluster, 'bus'))?.status?.offeredReplicas).toBeUndefined();
  }, 120_000);

  it('keeps the volumes with messages of the brokers that go', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    await optFor(world, 1);
    await scaleTo(world, 1);
    await untilServing(world, 1);
    const names = [...(await claims(world)).keys()];
    expect(names).toEqual(['data-bus-0', 'data-bus-1', 'data-bus-2', 'raft-data-bus-0']);
  }, 120_000);

  it('is gone back from while the brokers stop, and nothing is lost', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    const before = await claims(world);
    // A pod that something else holds back keeps the cluster in its first step.
    await world.edit(Pod, 'bus-1', { metadata: { finalizers: ['example.dev/hold'] } });
    await optFor(world, 5);
    await scaleTo(world, 5);
    await world.eventually(async () => expect(await replicasOf(world)).toBe(0));
    expect((await world.get(StreamBusCluster, 'bus'))?.status?.reBootstrap).toMatchObject({ step: 'Stopping' });
    await scaleTo(world, 3);
    await world.eventually(async () => expect(await replicasOf(world)).toBe(3));
    await world.edit(Pod, 'bus-1', { metadata: { finalizers: [] } });
    await untilServing(world, 3);
    expect(await claims(world)).toEqual(before);
  }, 120_000);

  it('goes on where it was when the operator ends at any step', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    const data = [...(await claims(world))].filter(([name]) => name.startsWith('data-'));
    await optFor(world, 5);
    await scaleTo(world, 5);
    for (let restarts = 0; restarts < 6; restarts++) await world.restartOperator();
    await untilServing(world, 5);
    expect([...(await claims(world))]).toEqual(expect.arrayContaining(data));
  }, 120_000);

  it('is had one broker at a time, up and down, from a version that can change its membership', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus', { replicas: 1, raft: { membership: 'Dynamic' } });
    const position = world.audit.position();
    const first = (await world.get(Pod, 'bus-0'))?.metadata.uid;
    await scaleTo(world, 4);
    await untilServing(world, 4);
    await scaleTo(world, 2);
    await untilServing(world, 2);
    expect((await world.get(Pod, 'bus-0'))?.metadata.uid).toBe(first);
    const scaled = world
      .writes(position)
      .filter(({ verb, resource }) => verb === 'patch' && resource === 'statefulsets');
    expect(scaled.length).toBe(5);
  }, 120_000);
});
