import type { Pod } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aPod, aStatefulSet, somePods, unseen } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import type { BrokerPod } from '../brokers/broker-pod.ts';
import { circumstancesOf, isServing } from './circumstances.ts';
import {
  type Circumstances,
  confirmed,
  decide,
  podsToDelete,
  replaceLeader,
  replacementOf,
  restartBrokers,
} from './rollout.ts';

const cluster = aCluster();
const options = { leaderReplacementIntervalMs: 600_000 };
const now = '2026-01-01T00:10:00Z';
const terms = { ...options, now };
const leads = { kind: 'One', leader: 'orders-0' } as const;
const outdated: Circumstances = { size: 3, pods: somePods(3), updateRevision: 'orders-2', leadership: leads };
const shutOut = { isReady: false, notReadySince: '2026-01-01T00:00:00Z' };
const half = {
  kind: 'Unknown',
  cause: 'Unready',
  why: '1 of 3 brokers accept no clients',
  leader: 'orders-0',
} as const;
const locked: Circumstances = {
  ...outdated,
  ...{ pods: [...somePods(2), aPod(2, shutOut)], updateRevision: 'orders-1', leadership: half },
};

const namesOf = (pods: readonly BrokerPod[]) => pods.map(({ name }) => name);

describe('the decision about pods', () => {
  it('deletes the broker whose turn it is', () => {
    expect(namesOf(podsToDelete(decide(cluster, outdated, terms)))).toEqual(['orders-2']);
  });

  it('deletes none while a Secret that a new pod would need cannot be used', () => {
    const decision = decide(cluster, { ...outdated, hold: 'Secret/tls does not exist' }, terms);
    expect([decision.restart, podsToDelete(decision)]).toEqual([
      { kind: 'Wait', on: 'Secrets', why: 'Secret/tls does not exist' },
      [],
    ]);
  });

  it('deletes a leader that keeps a broker out, and remembers it', () => {
    const decision = decide(cluster, locked, terms);
    expect(namesOf(podsToDelete(decision))).toEqual(['orders-0']);
    expect(replacementOf(decision, now)).toEqual({
      ...{ leader: 'orders-0', leaderUid: 'uid-0', stuckPod: 'orders-2', stuckPodUid: 'uid-2', time: now },
    });
  });

  it('deletes the leader alone, and goes on with the roll-out another time', () => {
    const pods = [aPod(0), aPod(1, { revision: 'orders-2' }), aPod(2, shutOut)];
    const decision = decide(cluster, { ...locked, pods, updateRevision: 'orders-2' }, terms);
    expect([decision.restart.kind, namesOf(podsToDelete(decision))]).toEqual(['Replace', ['orders-0']]);
  });

  it('spares a leader that was replaced for the same pod before', () => {
    const leaderReplacement = {
      leader: 'orders-1',
      leaderUid: 'x',
      stuckPod: 'orders-2',
      stuckPodUid: 'uid-2',
      time: now,
    };
    const decision = decide(aCluster({ status: { leaderReplacement } }), locked, terms);
    expect([decision.lockOut?.cure.kind, podsToDelete(decision), replacementOf(decision, now)]).toEqual([
      'Spared',
      [],
      undefined,
    ]);
  });

  it('spares a leader that would come back with a spec no broker has become ready with', () => {
    const pods = [...somePods(2), aPod(2, { ...shutOut, revision: 'orders-2' })];
    const decision = decide(cluster, { ...locked, pods, updateRevision: 'orders-2' }, terms);
    expect([decision.lockOut?.cure, podsToDelete(decision)]).toEqual([
      {
        kind: 'Spared',
        why: 'no broker has become ready with the present spec yet, and the leader would come back with it',
      },
      [],
    ]);
  });

  it('spares a leader that would not come back for want of a Secret', () => {
    const decision = decide(cluster, { ...locked, hold: 'Secret/tls does not exist' }, terms);
    expect([decision.lockOut?.cure, podsToDelete(decision)]).toEqual([
      { kind: 'Spared', why: 'the leader would not come back: Secret/tls does not exist' },
      [],
    ]);
  });

  it.each([
    ['is not ready', [aPod(0), aPod(1, { isReady: false, notReadySince: now }), aPod(2, shutOut)]],
    ['is going', [aPod(0), aPod(1, { isTerminating: true }), aPod(2, shutOut)]],
    ['is not there', [aPod(0), aPod(2, shutOut)]],
  ])('spares a leader while a third broker %s', (_what, pods) => {
    const decision = decide(cluster, { ...locked, pods }, terms);
    expect([decision.lockOut?.cure, podsToDelete(decision)]).toEqual([
      { kind: 'Spared', why: 'another broker is not ready either, and without the leader too few would be left' },
      [],
    ]);
  });

  it('deletes none whose node does not answer, none while a Secret is held, and a leader only beside all the others', () => {
    const of = { revision: fc.constantFrom('orders-1', 'orders-2'), isTerminating: fc.boolean() };
    const unready = fc.record({
      ...of,
      ...{ isReady: fc.constant(false), hasStarted: fc.boolean(), isUnreachable: fc.boolean() },
    });
    const pod = fc.oneof(fc.record({ ...of, isReady: fc.constant(true) }), unready);
    const leaders = fc.constantFrom<Circumstances['leadership']>(leads, half, { kind: 'None' });
    const holds = fc.constantFrom({}, { hold: 'Secret/tls does not exist' });
    fc.assert(
      fc.property(fc.array(pod, { minLength: 2, maxLength: 5 }), leaders, holds, (found, leadership, hold) => {
        const pods = found.map((each, ordinal) => aPod(ordinal, { ...(each.isReady ? {} : shutOut), ...each }));
        const circumstances = { size: pods.length, pods, updateRevision: 'orders-2', leadership, ...hold };
        const decision = decide(cluster, circumstances, terms);
        const deleted = podsToDelete(decision);
        expect(deleted.filter(({ isUnreachable }) => isUnreachable)).toEqual([]);
        if ('hold' in hold) expect(deleted).toEqual([]);
        if (decision.lockOut?.cure.kind !== 'Replace') return;
        const { leader, stuck } = decision.lockOut;
        const others = pods.filter(({ uid }) => uid !== leader.uid && uid !== stuck.uid);
        expect(others.filter(({ isReady, isTerminating }) => !isReady || isTerminating)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('deletes none where nothing is to be done', () => {
    const decision = decide(cluster, { ...outdated, updateRevision: 'orders-1' }, terms);
    expect([decision, podsToDelete(decision)]).toEqual([{ restart: { kind: 'Done' } }, []]);
  });
});

function podObject({ name, uid, revision = '', isReady, isTerminating }: BrokerPod): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'set', controller: true };
  const labels = { 'controller-revision-hash': revision };
  const going = isTerminating ? { deletionTimestamp: now } : {};
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'shop', uid, labels, ownerReferences: [owner], ...going },
    status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: now }] },
  };
}

describe('a decision that deletes a pod', () => {
  it('is made once more on what the API server has', async () => {
    const pass = aPass({ objects: somePods(3).map(podObject), now });
    const decision = await confirmed(cluster, outdated, options, pass);
    expect([pass.asked, namesOf(podsToDelete(decision))]).toEqual([['list Pod'], ['orders-2']]);
  });

  it('is taken back when a pod has gone that the cache still has', async () => {
    const objects = [...somePods(2), aPod(2, { isTerminating: true })].map(podObject);
    const decision = await confirmed(cluster, outdated, options, aPass({ objects, now }));
    expect(podsToDelete(decision)).toEqual([]);
  });

  it('is not confirmed where none is deleted, and in a preview', async () => {
    const [settled, preview] = [aPass({ now }), aPass({ now, isRehearsal: true })];
    await confirmed(cluster, { ...outdated, updateRevision: 'orders-1' }, options, settled);
    await confirmed(cluster, outdated, options, preview);
    expect([settled.asked, preview.asked]).toEqual([[], []]);
  });

  it('counts no pod that is one too many and about to go', async () => {
    const objects = [...somePods(3, { revision: 'orders-2' }), aPod(3)].map(podObject);
    const decision = await confirmed(cluster, outdated, options, aPass({ objects, now }));
    expect(podsToDelete(decision)).toEqual([]);
  });

  const carriedOut = async (circumstances: Circumstances, isRehearsal: boolean) => {
    const decision = decide(cluster, circumstances, terms);
    const [restarting, replacing] = [aPass({ isRehearsal }), aPass({ isRehearsal })];
    await restartBrokers(decision, restarting);
    await replaceLeader(decision, replacing);
    return [restarting.asked, replacing.asked];
  };

  it('deletes exactly that pod, a leader at the end of the pass and any other one before', async () => {
    expect([await carriedOut(outdated, false), await carriedOut(locked, false)]).toEqual([
      [['remove Pod/orders-2 uid-2'], []],
      [[], ['remove Pod/orders-0 uid-0']],
    ]);
  });

  it('deletes none in a preview', async () => {
    expect([await carriedOut(outdated, true), await carriedOut(locked, true)]).toEqual([
      [[], []],
      [[], []],
    ]);
  });
});

describe('the circumstances of a roll-out', () => {
  const statefulSet = aStatefulSet(cluster);
  const observed = { ...unseen, statefulSet, pods: somePods(5), leadership: leads };

  it('are the pods that there should be, and what the StatefulSet makes them from', () => {
    const { size, pods, updateRevision, hold } = circumstancesOf(cluster, observed);
    expect([size, namesOf(pods), updateRevision, hold]).toEqual([
      3,
      ['orders-0', 'orders-1', 'orders-2'],
      'orders-1',
      undefined,
    ]);
  });

  it('hold every pod back for a Secret that cannot be used', () => {
    const problems = [{ secret: 'tls', reason: 'SecretMissing', message: 'Secret/tls does not exist' } as const];
    expect(circumstancesOf(cluster, { ...observed, secrets: { problems } }).hold).toBe('Secret/tls does not exist');
  });

  it.each([
    ['Stopping', 0],
    ['RemovingRaft', 0],
    ['Starting', 3],
  ] as const)('are nobody to restart while brokers stop: at %s, %i', (step, count) => {
    const reBootstrap = { from: 3, to: 5, step, startedAt: now };
    expect(circumstancesOf(aCluster({ status: { reBootstrap } }), observed).pods).toHaveLength(count);
  });

  it('say whether the cluster serves: every broker, and one that leads', () => {
    expect([
      isServing(cluster, observed),
      isServing(cluster, { ...observed, leadership: { kind: 'None' } }),
      isServing(cluster, { ...observed, statefulSet: aStatefulSet(cluster, { readyReplicas: 2 }) }),
      isServing(aCluster({ spec: { replicas: 5 } }), observed),
    ]).toEqual([true, false, false, false]);
  });
});
