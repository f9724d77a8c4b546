import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPod, somePods } from '../a-cluster.fixture.ts';
import type { BrokerPod } from '../brokers/broker-pod.ts';
import type { Leadership } from '../brokers/leadership.ts';
import { cureOf, type LeaderReplacement, type LockOut, lockedOut, wouldSpread } from './stale-leader.ts';

const since = '2026-01-01T00:00:00Z';
const afterAMinute = '2026-01-01T00:01:00Z';
const shutOut = { isReady: false, notReadySince: since };
const leads: Leadership = {
  kind: 'Unknown',
  cause: 'Unready',
  why: '1 of 3 brokers accept no clients',
  leader: 'orders-0',
};
const trouble = { pod: 'orders-2', reason: 'CrashLoopBackOff', message: '', restarts: 5 };

function found(stuck: Partial<BrokerPod>, { leadership = leads, now = afterAMinute, leader = {} } = {}) {
  const lockOut = lockedOut({ pods: [aPod(0, leader), aPod(1), aPod(2, { ...shutOut, ...stuck })], leadership, now });
  return lockOut && `${lockOut.stuck.name} by ${lockOut.leader.name}`;
}

describe('a broker that is kept out', () => {
  it('is one that runs and has not been ready for a minute, while another one leads', () => {
    expect(found({})).toBe('orders-2 by orders-0');
  });

  const rows: readonly (readonly [string, ReturnType<typeof found>])[] = [
    ['has not been unready for long', found({}, { now: '2026-01-01T00:00:59Z' })],
    ['is ready', found({ isReady: true })],
    ['is going', found({ isTerminating: true })],
    ['has not started', found({ hasStarted: false })],
    ['is on a node that does not answer', found({ isUnreachable: true })],
    ['has a leader on a node that does not answer', found({}, { leader: { isUnreachable: true } })],
    ['crashes', found({ trouble })],
    ['leads itself', found({}, { leadership: { ...leads, leader: 'orders-2' } })],
    ['has a leader that is going already', found({}, { leader: { isTerminating: true } })],
    ['has a leader whose pod is gone', found({}, { leadership: { ...leads, leader: 'orders-7' } })],
    ['has no leader', found({}, { leadership: { kind: 'None' } })],
    ['has two leaders', found({}, { leadership: { kind: 'Several', leaders: ['orders-0', 'orders-1'] } })],
    [
      'is in a cluster of which nobody knows who leads',
      found({}, { leadership: { kind: 'Unknown', cause: 'Silent', why: 'orders-0: no answer' } }),
    ],
  ];
  it.each(rows)('is none that %s', (_what, lockOut) => {
    expect(lockOut).toBeUndefined();
  });
});

const intervalMs = 600_000;
const lockOut: LockOut = { stuck: aPod(2, shutOut), leader: aPod(0) };
const before: LeaderReplacement = {
  ...{ leader: 'orders-0', leaderUid: 'uid-0', stuckPod: 'orders-2', stuckPodUid: 'uid-2', time: since },
};

describe('the leader that keeps a broker out', () => {
  const cure = (replacement: LeaderReplacement | undefined, now = afterAMinute) =>
    cureOf(lockOut, replacement, { now, intervalMs });

  it('is replaced the first time', () => {
    expect(cure(undefined)).toEqual({ kind: 'Replace' });
  });

  it('is replaced when it was to be, and is still there', () => {
    expect(cure(before)).toEqual({ kind: 'Replace' });
  });

  it('is spared when another one was replaced for the same pod, however long ago', () => {
    expect(cure({ ...before, leaderUid: 'uid-of-the-former' }, '2027-01-01T00:00:00Z')).toEqual({
      kind: 'Spared',
      why: 'the leader orders-0 was replaced for it at 2026-01-01T00:00:00Z, and that did not help',
    });
  });

  it('is spared for another pod until the interval is over', () => {
    const other = { ...before, leaderUid: 'uid-of-the-former', stuckPodUid: 'uid-of-another' };
    expect([cure(other), cure(other, '2026-01-01T00:09:59Z'), cure(other, '2026-01-01T00:10:00Z')]).toEqual([
      {
        kind: 'Spared',
        why: 'a leader was replaced at 2026-01-01T00:00:00Z; the next one may be from 2026-01-01T00:10:00.000Z on',
      },
      { kind: 'Spared', why: expect.stringContaining('the next one may be from') },
      { kind: 'Replace' },
    ]);
  });

  it('is never replaced twice for one pod, nor two of them within the interval, unless it was not deleted after all', () => {
    const sights = fc.array(
      fc.record({ stuck: fc.nat(3), leader: fc.nat(3), seconds: fc.integer({ min: 1, max: 400 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(sights, (steps) => {
        let [memory, at]: [LeaderReplacement | undefined, number] = [undefined, Date.parse(since)];
        for (const { stuck, leader, seconds } of steps) {
          at += seconds * 1_000;
          const now = new Date(at).toISOString();
          const seen = { stuck: aPod(2, { uid: `stuck-${stuck}` }), leader: aPod(0, { uid: `leader-${leader}` }) };
          if (cureOf(seen, memory, { now, intervalMs }).kind === 'Spared') continue;
          const isTriedAgain = memory?.stuckPodUid === seen.stuck.uid && memory.leaderUid === seen.leader.uid;
          if (memory !== undefined && !isTriedAgain) {
            expect(seen.stuck.uid).not.toBe(memory.stuckPodUid);
            expect(at - Date.parse(memory.time)).toBeGreaterThanOrEqual(intervalMs);
          }
          const uids = { leaderUid: seen.leader.uid, stuckPodUid: seen.stuck.uid };
          memory = { leader: 'orders-0', stuckPod: 'orders-2', ...uids, time: now };
        }
      }),
    );
  });
});

describe('replacing a leader', () => {
  const stuck = aPod(2, { ...shutOut, revision: 'orders-2' });
  const pods = [...somePods(2), stuck];

  it('would spread a spec that no broker has become ready with', () => {
    expect(wouldSpread({ leader: aPod(0), stuck }, { pods, updateRevision: 'orders-2' })).toBe(true);
  });

  it('would not where the leader runs that spec already, or another one serves with it', () => {
    const proven = [aPod(0), aPod(1, { revision: 'orders-2' }), stuck];
    expect([
      wouldSpread({ leader: aPod(0), stuck }, { pods, updateRevision: 'orders-1' }),
      wouldSpread({ leader: aPod(0), stuck }, { pods: proven, updateRevision: 'orders-2' }),
    ]).toEqual([false, false]);
  });
});
