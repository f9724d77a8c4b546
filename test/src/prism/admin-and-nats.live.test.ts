import { Deployment, Pod } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, told, untilPhase, wantedPrism } from './open-prism-world.ts';

/** Members of prism-admin that answer as they are told. */
class Members {
  leader: string | undefined;

  ask({ pod }: { readonly pod: string }): Promise<string> {
    return Promise.resolve(`prism_admin_raft_state ${pod === this.leader ? 2 : 0}\n`);
  }
}

describe('prism-admin of three members', () => {
  it('is healthy while one of them leads, although all are always ready', async () => {
    const members = new Members();
    members.leader = 'prism-prism-admin-2';
    await using world = await openPrismWorld({ operator: { adminMetrics: members } });
    await bringUp(world, wantedPrism('prism', { admin: { replicas: 3 } }));
    expect(await told(world, 'prism', 'AdminHealthy')).toMatch(/^True OneLeader/);
    members.leader = undefined;
    await world.eventually(
      async () => expect(await told(world, 'prism', 'AdminHealthy')).toMatch(/^False NoLeader/),
      patiently,
    );
    await untilPhase(world, 'prism', 'Degraded');
    members.leader = 'prism-prism-admin-1';
    await untilPhase(world, 'prism', 'Running');
  }, 240_000);
});

/** Makes NATS ready or not, and nothing else. */
function natsIs(world: World, behaviour: 'ready' | 'never-ready') {
  return world.edit(Pod, 'prism-nats-0', { metadata: { annotations: { 'capstan.dev/pod': behaviour } } });
}

describe('an outage of NATS that clients may not survive', () => {
  it('restarts those that give up, once it is back, and no others', async () => {
    await using world = await openPrismWorld();
    const patterns = [
      { name: 'producer', backends: ['nats' as const] },
      { name: 'consumer', backends: ['nats' as const] },
    ];
    await bringUp(world, wantedPrism('prism', { patterns }));
    const token = async (pattern: string) =>
      (await world.get(Deployment, `prism-${pattern}-runner`))?.spec?.template.metadata?.annotations?.[
        'prism.io/restarted-for'
      ];
    await natsIs(world, 'never-ready');
    const since = await world.eventually(async () => {
      const outage = (await world.get(PrismCluster, 'prism'))?.status?.natsOutage?.since ?? '';
      expect(Date.now() - Date.parse(outage)).toBeGreaterThan(22_000);
      return outage;
    }, patiently);
    expect(await token('producer')).toBeUndefined();
    await natsIs(world, 'ready');
    await world.eventually(async () => expect(await token('producer')).toBe(since), patiently);
    await untilPhase(world, 'prism', 'Running');
    expect(await token('consumer')).toBeUndefined();
    expect((await world.get(PrismCluster, 'prism'))?.status?.natsOutage).toEqual({ restartedFor: since });
  }, 240_000);
});
