import { Pod } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers } from './open-bus-world.ts';

const minute = 60_000;

/** Makes a pod look as one that has been running and not ready for so long. */
async function isNotReadyFor(world: World, name: string, ms: number): Promise<void> {
  await world.edit(Pod, name, { metadata: { annotations: { 'capstan.dev/pod': 'never-ready' } } });
  await world.eventually(async () => {
    const conditions = (await world.get(Pod, name))?.status?.conditions ?? [];
    expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('False');
  });
  const pod = await world.get(Pod, name);
  const lastTransitionTime = new Date(Date.now() - ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const conditions = pod?.status?.conditions?.map((each) =>
    each.type === 'Ready' ? { ...each, lastTransitionTime } : each,
  );
  const body = { status: { conditions } };
  const at = { namespace: world.namespace, name };
  await world.admin.patch(Pod, at, { kind: 'merge', body }, { subresource: 'status' });
}

async function uidOf(world: World, name: string): Promise<string | undefined> {
  return (await world.get(Pod, name))?.metadata.uid;
}

async function replacements(world: World): Promise<readonly string[]> {
  const events = await world.events(StreamBusCluster, 'bus');
  return events.filter(({ reason }) => reason === 'LeaderReplaced').map(({ note }) => note);
}

describe('a broker that runs and cannot join while another one leads', () => {
  it('is let in by replacing the leader, once', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world, brokers } = bus;
    await bringUp(world, 'bus');
    const before = { leader: await uidOf(world, 'bus-0'), stuck: await uidOf(world, 'bus-2') };
    const cluster = brokers.cluster(world.namespace, 'bus').isWedged({ leader: 0, stuck: 2 });
    await isNotReadyFor(world, 'bus-2', 2 * minute);
    await world.eventually(async () => expect(await uidOf(world, 'bus-0')).not.toBe(before.leader));
    cluster.pod(0).restarted();
    await world.edit(Pod, 'bus-2', { metadata: { annotations: { 'capstan.dev/pod': 'ready' } } });
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 30_000 });
    expect(await uidOf(world, 'bus-2')).toBe(before.stuck);
    await world.eventually(async () =>
      expect(await replacements(world)).toEqual(['bus-2 runs and cannot join while bus-0 leads: bus-0 is replaced']),
    );
    const status = (await world.get(StreamBusCluster, 'bus'))?.status;
    expect(status?.leaderReplacement).toMatchObject({ leader: 'bus-0', stuckPod: 'bus-2', stuckPodUid: before.stuck });
  }, 90_000);

  it('costs no second leader when the first one was not the reason', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world, brokers } = bus;
    await bringUp(world, 'bus');
    const first = await uidOf(world, 'bus-0');
    await isNotReadyFor(world, 'bus-2', 2 * minute);
    await world.eventually(async () => expect([undefined, first]).not.toContain(await uidOf(world, 'bus-0')));
    brokers.cluster(world.namespace, 'bus').leaderIs(1);
    const uids = [await uidOf(world, 'bus-0'), await uidOf(world, 'bus-1')];
    await world.eventually(async () => {
      const ready = await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
      expect(ready.message).toContain(
        'bus-2 runs and cannot join while bus-1 leads: the leader bus-0 was replaced for it at',
      );
      expect(ready.message).toContain('that did not help');
    });
    await world.restartOperator();
    await world.settled();
    expect([await uidOf(world, 'bus-0'), await uidOf(world, 'bus-1')]).toEqual(uids);
    expect(await replacements(world)).toHaveLength(1);
  }, 90_000);

  it('is left alone while its image cannot be pulled or its process crashes: no leader is to blame for that', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    const leader = await uidOf(world, 'bus-0');
    await world.edit(Pod, 'bus-2', { metadata: { annotations: { 'capstan.dev/pod': 'crash-loop' } } });
    await world.eventually(async () => {
      const ready = await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
      expect(ready.message).toMatch(/bus-2 has not been ready since .*: CrashLoopBackOff \(container streambus\)/);
    });
    expect(await uidOf(world, 'bus-0')).toBe(leader);
    expect(await replacements(world)).toEqual([]);
  });
});
