import { Pod } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers, wantedCluster } from './open-bus-world.ts';

/** Image tags of the brokers, by pod. */
async function tagsOf(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const pods = await world.list(Pod);
  return Object.fromEntries(
    pods
      .map(({ metadata, spec }) => [metadata.name, spec?.containers[0]?.image?.split(':').at(-1)] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

const allAt = (name: string, count: number, tag: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, ordinal) => [`${name}-${ordinal}`, tag]));

describe('a rolling upgrade', () => {
  it('takes one broker at a time and the leader last', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world, brokers } = bus;
    brokers.cluster(world.namespace, 'bus').leaderIs(2);
    await bringUp(world, 'bus', { image: { tag: '1' } });
    const position = world.audit.position();
    await world.apply(StreamBusCluster, wantedCluster('bus', { image: { tag: '2' } }));
    await world.eventually(async () => expect(await tagsOf(world)).toEqual(allAt('bus', 3, '2')), { timeout: 60_000 });
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
    const deleted = world.writes(position).filter(({ verb, resource }) => verb === 'delete' && resource === 'pods');
    expect(deleted.map(({ name }) => name)).toEqual(['bus-1', 'bus-0', 'bus-2']);
  });

  it('waits while nobody leads, two lead, or a broker does not answer, and goes on when one leads again', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world, brokers } = bus;
    await bringUp(world, 'bus', { image: { tag: '1' } });
    const cluster = brokers.cluster(world.namespace, 'bus').hasNoLeader();
    await world.apply(StreamBusCluster, wantedCluster('bus', { image: { tag: '2' } }));
    const reconciling = async (text: string) =>
      world.eventually(async () => {
        const found = await world.get(StreamBusCluster, 'bus');
        const message = found?.status?.conditions?.find(({ type }) => type === 'Reconciling')?.message;
        expect(message).toContain(text);
        expect(await tagsOf(world)).toEqual(allAt('bus', 3, '1'));
      });
    await reconciling('The next broker waits: no broker says that it leads.');
    cluster.hasTwoLeaders(0, 1);
    await reconciling('bus-0 and bus-1 all say that they lead');
    cluster.leaderIs(0).pod(1).is('refusing');
    await reconciling('it is not known who leads (bus-1: ');
    cluster.pod(1).is('answering');
    await world.eventually(async () => expect(await tagsOf(world)).toEqual(allAt('bus', 3, '2')), { timeout: 60_000 });
  }, 120_000);

  it('of five brokers stops at the first pod that does not become ready, and the previous spec takes it back', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus', { replicas: 5, image: { tag: '1' } });
    await world.newPodsAre('image-pull');
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 5, image: { tag: 'bad' } }));
    const stalled = await world.untilCondition(StreamBusCluster, 'bus', 'Stalled', 'True', { timeout: 60_000 });
    expect(stalled.reason).toBe('RollOutStuck');
    expect(stalled.message).toMatch(/^bus-4 has not been ready since .*ImagePullBackOff/);
    expect(await tagsOf(world)).toEqual({ ...allAt('bus', 5, '1'), 'bus-4': 'bad' });
    const found = await world.get(StreamBusCluster, 'bus');
    expect(found?.status).toMatchObject({ phase: 'Degraded', readyReplicas: 4 });
    await world.newPodsAre('ready');
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 5, image: { tag: '1' } }));
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
    expect(await tagsOf(world)).toEqual(allAt('bus', 5, '1'));
  }, 120_000);
});
