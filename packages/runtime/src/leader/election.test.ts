import { FakeClock } from '@capstan/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../duration.ts';
import { Contender, LeaseOnServer, leaseName } from './election-world.fixture.ts';

function scene() {
  const clock = new FakeClock();
  const server = new LeaseOnServer(clock);
  return { clock, server, stand: (identity: string) => new Contender(identity, server, clock) };
}

/** One that leads, and one that stands by. */
async function twoOf() {
  const { clock, server, stand } = scene();
  const first = stand('first');
  await clock.advance(100);
  const second = stand('second');
  await clock.advance(3_000);
  expect([first.isHeld, second.isHeld]).toEqual([true, false]);
  return { clock, server, stand, first, second };
}

describe('an election', () => {
  it('is won at once by the first, who tells where it listens', async () => {
    const { first, server } = await twoOf();
    expect(server.lease?.spec?.holderIdentity).toBe('first');
    expect(server.lease?.metadata.annotations).toEqual({ 'capstan.dev/debug-url': 'http://first' });
    expect(first.tenure?.term).toBe(0);
  });

  it('costs one write in two seconds, and those who stand by nothing', async () => {
    const { clock, server } = await twoOf();
    const before = server.writes;
    await clock.advance(60_000);
    expect(server.writes - before).toBe(30);
  });

  it('goes to the next within a moment of a clean stop', async () => {
    const { clock, first, second, server } = await twoOf();
    const left = first.leave();
    await clock.advance(50);
    await left;
    expect([first.isHeld, second.isHeld]).toEqual([false, true]);
    expect(second.tenure?.term).toBe(1);
    expect(server.lease?.spec?.holderIdentity).toBe('second');
  });

  it('goes to the next within its duration of a crash, and not before the dead could have come back', async () => {
    const { clock, first, second } = await twoOf();
    first.die();
    await clock.advance(12_900);
    expect(second.isHeld).toBe(false);
    await clock.advance(2_200);
    expect(second.isHeld).toBe(true);
  });

  it('is over for a process that was stopped too long, before it does anything else', async () => {
    const { clock, first, second } = await twoOf();
    first.clock.stop();
    await clock.advance(30_000);
    expect(second.isHeld).toBe(true);
    expect(first.isHeld).toBe(false);
    first.clock.goOn();
    expect(first.isHeld).toBe(false);
    await clock.advance(10);
    expect(String(first.tenure?.lost.reason)).toMatch(
      /LeadershipLost: the lease default\/operator was not renewed within 10 s/,
    );
  });

  it('is not over for a process that was busy while its renewal was answered', async () => {
    const { clock, first } = await twoOf();
    // The pause begins right after a renewal was sent, and ends after the one before it has expired.
    await clock.advance(1_002);
    first.clock.stop();
    await clock.advance(9_000);
    first.clock.goOn();
    await clock.advance(100);
    expect(first.isHeld).toBe(true);
    expect(first.tenure?.lost.aborted).toBe(false);
  });

  it.each(['lostRequests', 'lostAnswers'] as const)('is lost in time when the network fails (%s)', async (state) => {
    const { clock, first, second } = await twoOf();
    first.network.state = state;
    await clock.advance(10_100);
    expect(first.isHeld).toBe(false);
    expect(first.tenure?.lost.aborted).toBe(true);
    expect(second.isHeld).toBe(false);
  });

  it('counts from the moment a renewal was sent, not from its answer', async () => {
    const { clock, first, server } = await twoOf();
    first.network.latencyMs = 800;
    const before = server.writes;
    while (server.writes === before) await clock.advance(1);
    first.network.state = 'lostRequests'; // the answer under way still arrives
    await clock.advance(10_000 - 800 - 1);
    expect(first.isHeld).toBe(true);
    await clock.advance(1);
    expect(first.isHeld).toBe(false);
  });

  it('survives a server that takes seconds to answer', async () => {
    const { clock, first, second } = await twoOf();
    first.network.latencyMs = 2_000;
    await clock.advance(60_000);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
  });

  it('survives a network that is back before the deadline', async () => {
    const { clock, first, second } = await twoOf();
    first.network.state = 'lostAnswers';
    await clock.advance(6_000);
    first.network.state = 'up';
    await clock.advance(20_000);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
  });

  it('is lost to whoever the lease names', async () => {
    const { clock, first, server } = await twoOf();
    if (server.lease === undefined) throw new Error('there must be a lease');
    server.put({ ...server.lease, spec: { ...server.lease.spec, holderIdentity: 'somebody' } });
    await clock.advance(2_100);
    expect(first.isHeld).toBe(false);
    expect(String(first.tenure?.lost.reason)).toMatch(/is held by somebody now/);
  });

  it('survives an edit of the lease that names the same holder', async () => {
    const { clock, first, server } = await twoOf();
    if (server.lease === undefined) throw new Error('there must be a lease');
    server.put({ ...server.lease, metadata: { ...server.lease.metadata, annotations: { note: 'by hand' } } });
    await clock.advance(20_000);
    expect(first.isHeld).toBe(true);
    expect(server.lease.metadata.annotations).toEqual({ note: 'by hand' });
  });

  it('makes a lease anew that somebody deleted, while nobody else takes it', async () => {
    const { clock, first, second, server } = await twoOf();
    server.delete();
    await clock.advance(20_000);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
    expect(server.lease?.spec?.holderIdentity).toBe('first');
  });

  it('releases what is there, also when the answer to the last renewal was lost', async () => {
    const { clock, first, server } = await twoOf();
    first.network.state = 'lostAnswers';
    await clock.advance(2_000);
    const left = first.leave();
    first.network.state = 'up';
    await clock.advance(5_000);
    await left;
    expect(server.lease?.spec?.holderIdentity).not.toBe('first');
  });

  it('is not won by a process that was told to stop while it took the lease', async () => {
    const { clock, server, stand } = scene();
    const only = stand('only');
    await clock.advance(17); // its read is answered, its write is at the server
    expect(server.lease?.spec?.holderIdentity).toBe('only');
    const left = only.leave();
    await clock.advance(100);
    await left;
    expect(only.tenure).toBeUndefined();
    expect(server.lease?.spec?.holderIdentity).toBe('');
  });

  it('does not care about wall clocks', async () => {
    const { clock, first, second } = await twoOf();
    for (const [who, hours] of [
      [first, 1],
      [second, -1],
      [first, -2],
      [second, 3],
    ] as const) {
      who.clock.wallOffsetMs = hours * 3_600_000;
      await clock.advance(20_000);
      expect([first.isHeld, second.isHeld]).toEqual([true, false]);
    }
  });

  it('leaves no timer behind', async () => {
    const { clock, first, second } = await twoOf();
    for (const each of [second, first]) {
      const left = each.leave();
      await clock.advance(100);
      await left;
    }
    expect(clock.pendingTimers).toBe(0);
    expect(leaseName).toEqual({ namespace: 'default', name: 'operator' });
  });
});

type Act = {
  readonly who: number;
  readonly what: 'stop' | 'goOn' | 'die' | 'leave' | 'lostRequests' | 'lostAnswers' | 'up' | 'slow' | 'wall';
};

/** As little time as can be between the end of trust and the end of waiting. */
const tight = { leaseDurationMs: seconds(11), renewDeadlineMs: millis(10_990), retryPeriodMs: seconds(2) };

const acts = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 3_000, max: 20_000 })),
    act: fc.record({
      who: fc.nat(2),
      what: fc.constantFrom<Act['what']>(
        'stop',
        'goOn',
        'die',
        'leave',
        'lostRequests',
        'lostAnswers',
        'up',
        'slow',
        'wall',
      ),
    }),
  }),
  { maxLength: 25 },
);

describe('whatever happens to three processes', () => {
  it('never do two lead at once, and one leads in the end if any is left', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (schedule) => {
        const clock = new FakeClock();
        const server = new LeaseOnServer(clock);
        const all: Contender[] = [];
        let most = 0;
        const count = () => {
          most = Math.max(most, all.filter(({ isHeld }) => isHeld).length);
        };
        for (const identity of ['a', 'b', 'c'])
          all.push(new Contender(identity, server, clock, { terms: tight, onLead: count }));
        const gone = new Set<Contender>();
        for (const { afterMs, act } of schedule) {
          await advanceCounting(clock, afterMs, count);
          const who = all[act.who];
          if (who !== undefined && !gone.has(who)) happen(who, act.what, server, gone);
          count();
        }
        const left = all.filter((each) => !gone.has(each));
        for (const each of left) happen(each, 'goOn', server, gone);
        for (const each of left) happen(each, 'up', server, gone);
        await advanceCounting(clock, 60_000, count);
        expect(most).toBeLessThanOrEqual(1);
        const able = left.filter(({ tenure }) => tenure === undefined || !tenure.lost.aborted);
        if (able.length > 0) expect(able.filter(({ isHeld }) => isHeld)).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

async function advanceCounting(clock: FakeClock, ms: number, count: () => void): Promise<void> {
  const step = 250;
  for (let left = ms; left > 0; left -= step) {
    await clock.advance(Math.min(step, left));
    count();
  }
}

function happen(who: Contender, what: Act['what'], server: LeaseOnServer, gone: Set<Contender>): void {
  if (what === 'stop') who.clock.stop();
  if (what === 'goOn') who.clock.goOn();
  if (what === 'wall') who.clock.wallOffsetMs += 3_600_000;
  if (what === 'slow') who.network.latencyMs = 800;
  if (what === 'lostRequests' || what === 'lostAnswers') who.network.state = what;
  if (what === 'up') {
    who.network.state = 'up';
    server.announce();
  }
  if (what === 'die' || what === 'leave') gone.add(who);
  if (what === 'die') who.die();
  if (what === 'leave') void who.leave();
}
