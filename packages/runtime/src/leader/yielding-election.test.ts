import type { Lease } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { minutes } from '../duration.ts';
import type { Election, Tenure } from './leadership.ts';
import { RivalCensus } from './rival-census.ts';
import { LeasesInSight, rival, YieldingProcess } from './rival-world.fixture.ts';
import { YieldingTenure } from './yielding-tenure.ts';

/** A rival that renews every two seconds for so long. */
async function renewing({ clock, sight }: YieldingProcess, forSeconds: number, holder = 'pod-1'): Promise<void> {
  for (let second = 0; second < forSeconds; second += 2) {
    sight.renew('old', holder);
    await clock.advance(2_000);
  }
}

/** One that started while somebody's lease was there. */
async function startedBeside(holder: string | undefined, durationSeconds = 15): Promise<YieldingProcess> {
  const sight = new LeasesInSight();
  if (holder !== undefined) sight.renew('old', holder, durationSeconds);
  const process = new YieldingProcess({ sight });
  await process.clock.advance(10);
  return process;
}

describe('before it leads', () => {
  it.each([
    ['there is no lease of a rival', undefined],
    ['a rival has released its lease', ''],
  ])('it does not wait where %s', async (_what, holder) => {
    const process = await startedBeside(holder);
    expect(process.leads).toBe(true);
    expect(process.lines).toEqual([]);
  });

  it.each([15, 3])(
    'it waits out a lease of %i s that nobody renews, and tells how to save the wait',
    async (seconds) => {
      const process = await startedBeside('pod-1', seconds);
      await process.clock.advance(seconds * 1_000 - 20);
      expect(process.leads).toBe(false);
      expect(process.said('error')).toEqual([]);
      expect(process.said('info')).toEqual([expect.stringContaining('If it is gone for good, delete the Lease')]);
      await process.clock.advance(20);
      expect(process.leads).toBe(true);
    },
  );

  it('it waits five minutes at most for a lease that nobody renews, however long it says that it lasts', async () => {
    const process = await startedBeside('pod-1', 2_000_000_000);
    await process.clock.advance(minutes(5) - 1_000);
    expect(process.leads).toBe(false);
    await process.clock.advance(1_000);
    expect(process.leads).toBe(true);
  });

  it('it stands by as long as a rival renews, says so once in five minutes, and leads once the rival is silent', async () => {
    const process = await startedBeside('pod-1');
    await renewing(process, 600);
    expect(process.leads).toBe(false);
    expect(process.said('error')).toHaveLength(2);
    expect(process.lines.find(({ level }) => level === 'error')).toMatchObject({
      lease: 'old/old-operator-lock',
      holder: 'pod-1',
      msg: 'another operator is at work: the old operator (Lease old/old-operator-lock, held by "pod-1"); this one writes nothing until it stops: scale its Deployment in namespace old to zero',
    });
    await process.clock.advance(12_000);
    expect(process.leads).toBe(false);
    await process.clock.advance(1_100);
    expect(process.leads).toBe(true);
    expect(process.said('info').at(-1)).toBe('no other operator is at work any more');
  });

  it('it says so again every five minutes also of a rival that rarely renews', async () => {
    const process = await startedBeside(undefined);
    process.sight.renew('old', 'pod-1', 300);
    const next = new YieldingProcess({ sight: process.sight });
    await next.clock.advance(10);
    for (let round = 0; round < 7; round += 1) {
      next.sight.renew('old', 'pod-1', 300);
      await next.clock.advance(minutes(2));
    }
    expect(next.said('error')).toHaveLength(3);
  });

  it('it leads the moment a rival releases its lease', async () => {
    const process = await startedBeside('pod-1');
    await renewing(process, 10);
    process.sight.renew('old', '', 1);
    await process.clock.advance(1);
    expect(process.leads).toBe(true);
  });

  it('it waits for a rival whose lease was deleted as long as for a silent one', async () => {
    const process = await startedBeside('pod-1');
    await renewing(process, 4);
    process.sight.delete('old');
    await process.clock.advance(12_900);
    expect(process.leads).toBe(false);
    await process.clock.advance(200);
    expect(process.leads).toBe(true);
  });

  it('it waits for every rival there is, in whatever namespace', async () => {
    const process = await startedBeside('pod-1');
    process.sight.renew('elsewhere', 'pod-2', 30);
    await process.clock.advance(20_000);
    expect(process.leads).toBe(false);
    expect(process.said('error')).toEqual([expect.stringContaining('elsewhere/old-operator-lock')]);
    await process.clock.advance(10_100);
    expect(process.leads).toBe(true);
  });

  it('it tells no more of a holder than fits into a line', async () => {
    const process = await startedBeside('x'.repeat(10_000));
    expect(process.said('info')[0]?.length).toBeLessThan(400);
  });

  it('it ends when it is told to stop, and looks for nobody any more', async () => {
    const process = await startedBeside('pod-1');
    expect(process.sight.watched).toEqual(['*']);
    await process.stop();
    expect([process.leads, process.sight.watched, process.clock.pendingTimers]).toEqual([false, [], 0]);
  });
});

describe('while it leads', () => {
  it('a rival that comes ends its leadership at once, with last words that name the rival', async () => {
    const process = await startedBeside(undefined);
    expect(process.leads).toBe(true);
    process.sight.renew('old', 'pod-1');
    expect(process.leads).toBe(false);
    expect(process.lastWords).toBe(
      'another operator is at work: the old operator (Lease old/old-operator-lock, held by "pod-1"); the next start writes nothing until it stops',
    );
  });

  it.each([
    ['a rival that was dead comes back to life', (sight: LeasesInSight) => sight.renew('old', 'pod-1')],
    ['another process of the rival takes over', (sight: LeasesInSight) => sight.renew('old', 'pod-2')],
  ])('it yields when %s', async (_what, act) => {
    const process = await startedBeside('pod-1');
    await process.clock.advance(15_000);
    expect(process.leads).toBe(true);
    act(process.sight);
    expect(process.leads).toBe(false);
  });

  it.each([
    ['a dead rival’s lease is deleted', (sight: LeasesInSight) => sight.delete('old')],
    ['a dead rival’s lease is released', (sight: LeasesInSight) => sight.renew('old', '')],
  ])('it goes on when %s', async (_what, act) => {
    const process = await startedBeside('pod-1');
    await process.clock.advance(15_000);
    act(process.sight);
    await process.clock.advance(60_000);
    expect(process.leads).toBe(true);
  });

  it('nothing wakes up in steady state', async () => {
    const process = await startedBeside('pod-1');
    await process.clock.advance(15_000);
    expect(process.leads).toBe(true);
    expect(process.clock.pendingTimers).toBe(0);
  });

  it('it looks for rivals until it has given leadership up, not only until it is told to stop', async () => {
    const process = await startedBeside(undefined);
    process.tellToStop();
    await process.clock.advance(10);
    process.sight.renew('old', 'pod-1');
    expect(process.leads).toBe(false);
    await process.stop();
    expect(process.sight.watched).toEqual([]);
  });
});

/** An election among our own that is won when the test says so. */
function contested() {
  const wins: ((tenure: Tenure) => void)[] = [];
  const released: string[] = [];
  const elect = (): Election => ({
    campaign: (signal) =>
      new Promise((resolve, reject) => {
        wins.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  });
  const lost = new AbortController();
  const tenure: Tenure = {
    ...{ isHeld: true, term: 7, lost: lost.signal },
    release: async () => void released.push('released'),
  };
  return { elect, wins, released, lost, tenure, win: () => wins.at(-1)?.(tenure) };
}

describe('among several processes of our own', () => {
  it('one that stood by for another does not take over while a rival is at work, but afterwards', async () => {
    const own = contested();
    const process = new YieldingProcess({ elect: own.elect });
    await process.clock.advance(10);
    expect(own.wins).toHaveLength(1);
    process.sight.renew('old', 'pod-1');
    await process.clock.advance(10);
    own.win();
    await process.clock.advance(10);
    expect(process.leads).toBe(false);
    await process.clock.advance(15_000);
    expect(own.wins).toHaveLength(2);
    own.win();
    await process.clock.advance(1);
    expect([process.leads, process.tenure?.term]).toEqual([true, 7]);
  });

  it('one that wins in the moment a rival comes gives its lease back and stands by', async () => {
    const own = contested();
    const process = new YieldingProcess({ elect: own.elect });
    await process.clock.advance(10);
    own.win();
    process.sight.renew('old', 'pod-1');
    await process.clock.advance(10);
    expect([own.released, process.tenure]).toEqual([['released'], undefined]);
    await process.clock.advance(15_000);
    own.win();
    await process.clock.advance(1);
    expect(process.leads).toBe(true);
  });

  it('a tenure that begins beside a rival is lost from the start', () => {
    const { tenure } = contested();
    const clock = new FakeClock();
    const census = new RivalCensus([rival]);
    const lease: Lease = {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: rival.lease } },
      spec: { holderIdentity: 'pod-1' },
    };
    census.saw({ rival, namespace: 'old', lease, isNews: true }, clock.monotonic());
    expect(new YieldingTenure(tenure, { census, clock, endWatch: async () => {} }).isHeld).toBe(false);
  });

  it('one that yields gives its own lease back, for another that can wait', async () => {
    const own = contested();
    const process = new YieldingProcess({ elect: own.elect });
    await process.clock.advance(10);
    own.win();
    await process.clock.advance(1);
    process.sight.renew('old', 'pod-1');
    await process.tenure?.release();
    expect([own.released, process.sight.watched]).toEqual([['released'], []]);
  });

  it('one that loses its own lease says so', async () => {
    const own = contested();
    const process = new YieldingProcess({ elect: own.elect });
    await process.clock.advance(10);
    own.win();
    await process.clock.advance(1);
    own.lost.abort(new Error('the lease is gone'));
    expect(process.leads).toBe(false);
    expect(String(process.tenure?.lost.reason)).toContain('the lease is gone');
  });
});
