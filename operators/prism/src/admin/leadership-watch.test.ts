import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { AdminMetrics } from './admin-metrics.ts';
import { LeadershipWatch } from './leadership-watch.ts';

const never = new AbortController().signal;
const member = (ordinal: number) => ({ pod: `admin-${ordinal}`, ip: `10.0.0.${ordinal}`, port: 9090 });
const watched = { cluster: { namespace: 'shop', name: 'orders' }, members: [1, 2, 3].map(member) };

/** A group in which one member leads, or nobody; it counts how often it was asked. */
class Group implements AdminMetrics {
  leader: string | undefined = 'admin-1';
  asked = 0;

  ask({ pod }: { readonly pod: string }): Promise<string> {
    this.asked += 1;
    return Promise.resolve(`prism_admin_raft_state ${pod === this.leader ? 2 : 0}\n`);
  }
}

describe('the leadership of prism-admin', () => {
  it('is asked once, and again only when the members are others', async () => {
    const group = new Group();
    const watch = new LeadershipWatch(group, new FakeClock());
    const first = await watch.leadership(watched, never);
    await watch.leadership(watched, never);
    expect([first, group.asked]).toEqual([{ kind: 'One', leader: 'admin-1' }, 3]);
    await watch.leadership({ ...watched, members: [member(1)] }, never);
    expect(group.asked).toBe(4);
  });

  it('of members that have just been bootstrapped is asked until one leads', async () => {
    const group = new Group();
    group.leader = undefined;
    const watch = new LeadershipWatch(group, new FakeClock());
    const electing = { ...watched, isElecting: true };
    const before = [await watch.leadership(electing, never), await watch.leadership(electing, never)];
    group.leader = 'admin-2';
    const after = [await watch.leadership(electing, never), await watch.leadership(electing, never)];
    expect([...before, ...after].map(({ kind }) => kind)).toEqual(['None', 'None', 'One', 'One']);
    expect(group.asked).toBe(9);
  });

  it('starts a pass when nobody leads any more, although no pod has changed', async () => {
    const clock = new FakeClock();
    const group = new Group();
    const watch = new LeadershipWatch(group, clock);
    await watch.leadership(watched, never);
    const stop = new AbortController();
    const told: string[] = [];
    const running = watch.run(({ name }) => told.push(name), stop.signal);
    await clock.advance(60_000);
    expect(told).toEqual([]);
    group.leader = undefined;
    await clock.advance(40_000);
    expect(told).toEqual(['orders']);
    expect(await watch.leadership(watched, never)).toEqual({ kind: 'None' });
    stop.abort();
    await running;
  });

  it('of an election that is over before anybody could act is no news', async () => {
    const clock = new FakeClock();
    const group = new Group();
    const watch = new LeadershipWatch(group, clock);
    await watch.leadership(watched, never);
    const stop = new AbortController();
    const told: string[] = [];
    const running = watch.run(({ name }) => told.push(name), stop.signal);
    group.leader = undefined;
    await clock.advance(31_000);
    group.leader = 'admin-1';
    await clock.advance(10_000);
    expect(told).toEqual([]);
    stop.abort();
    await running;
  });

  it('is asked no more of a cluster that is forgotten, although somebody still answers there', async () => {
    const clock = new FakeClock();
    const group = new Group();
    const watch = new LeadershipWatch(group, clock);
    await watch.leadership(watched, never);
    watch.forget(watched.cluster);
    const stop = new AbortController();
    const running = watch.run(() => {}, stop.signal);
    await clock.advance(120_000);
    expect(group.asked).toBe(3);
    stop.abort();
    await running;
  });

  it.each([
    ['goes on for a cluster that answers with a pass', true],
    ['ends for one that is gone, although somebody still answers there', false],
  ])('%s', async (_what, isThere) => {
    const clock = new FakeClock();
    const group = new Group();
    const watch = new LeadershipWatch(group, clock);
    await watch.leadership(watched, never);
    const stop = new AbortController();
    const running = watch.run(() => {
      if (isThere) void watch.leadership(watched, never);
    }, stop.signal);
    for (let minute = 0; minute < 30; minute += 1) await clock.advance(60_000);
    const before = group.asked;
    for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000);
    expect(group.asked > before).toBe(isThere);
    stop.abort();
    await running;
  });
});
