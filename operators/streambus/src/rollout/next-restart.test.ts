import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPod, somePods } from '../a-cluster.fixture.ts';
import type { BrokerPod } from '../brokers/broker-pod.ts';
import type { Leadership } from '../brokers/leadership.ts';
import { nextRestart, quorumOf, type Restart } from './next-restart.ts';
import { type FoundMember, RollingCluster, type Sight } from './rolling-cluster.fixture.ts';

const one = (leader: string): Leadership => ({ kind: 'One', leader });
const now = '2026-01-01T00:10:00Z';
const sight: Sight = { size: 3, pods: somePods(3), updateRevision: 'orders-2', leadership: one('orders-1'), now };
const old = { revision: 'orders-1' };
const fresh = { revision: 'orders-2' };
const late = { isReady: false, notReadySince: '2026-01-01T00:09:30Z' };
const aSecond = { isReady: false, notReadySince: '2026-01-01T00:09:59Z' };
const unstarted = { ...late, hasStarted: false };
const silent = { isReady: false, isUnreachable: true, notReadySince: '2026-01-01T00:00:00Z' };
const lost = { isReady: false, notReadySince: '2026-01-01T00:09:00Z' };
const trouble = { pod: 'orders-1', reason: 'CrashLoopBackOff', message: '', restarts: 5 };

function told(restart: Restart): string {
  if (restart.kind === 'Replace') return `Replace ${restart.pods.map(({ name }) => name).join(' ')}`;
  return restart.kind === 'Wait' ? `Wait ${restart.on}: ${restart.why}` : restart.kind;
}

describe('the quorum', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])('of %i brokers is %i', (size, quorum) => {
    expect(quorumOf(size)).toBe(quorum);
  });
});

describe('the next restart', () => {
  const rows: readonly (readonly [string, Partial<Sight>, string])[] = [
    [
      'is not decided before the StatefulSet controller has looked at the spec',
      { updateRevision: undefined },
      'Wait Controller: the StatefulSet controller has not looked at the new spec yet',
    ],
    ['is none where every pod runs the present spec', { pods: somePods(3, fresh) }, 'Done'],
    ['is that of the highest ordinal', {}, 'Replace orders-2'],
    ['is not that of the leader while there is another', { leadership: one('orders-2') }, 'Replace orders-1'],
    [
      'is that of the leader at last',
      { pods: [aPod(0, fresh), aPod(1, old), aPod(2, fresh)], leadership: one('orders-1') },
      'Replace orders-1',
    ],
    [
      'waits for a pod that is not ready yet',
      { pods: [aPod(0, old), aPod(1, old), aPod(2, { ...fresh, ...late })] },
      'Wait Pods: orders-2 must be ready first',
    ],
    [
      'waits for a pod that is going',
      { pods: [aPod(0, old), aPod(1, old), aPod(2, { ...old, isTerminating: true })] },
      'Wait Pods: orders-2 must be ready first',
    ],
    [
      'waits for a pod that is not there',
      { pods: [aPod(0, old), aPod(1, old)] },
      'Wait Pods: 1 of 3 brokers must be ready first',
    ],
    ['waits for a leader', { leadership: { kind: 'None' } }, 'Wait Leader: no broker says that it leads'],
    [
      'waits for one leader alone',
      { leadership: { kind: 'Several', leaders: ['orders-0', 'orders-1'] } },
      'Wait Leader: orders-0 and orders-1 all say that they lead',
    ],
    [
      'waits for the answer of every broker',
      {
        leadership: { kind: 'Unknown', cause: 'Silent', why: 'orders-0: no answer within 2000 ms', leader: 'orders-1' },
      },
      'Wait Leader: it is not known who leads (orders-0: no answer within 2000 ms)',
    ],
    [
      'needs nobody to lead where a single broker is all there is',
      { size: 1, pods: somePods(1), leadership: { kind: 'Unknown', cause: 'Silent', why: 'not asked' } },
      'Replace orders-0',
    ],
    [
      'waits for the last outdated pod to be gone',
      { pods: [aPod(0, { ...old, isTerminating: true }), aPod(1, fresh), aPod(2, fresh)] },
      'Wait Pods: orders-0 must be ready first',
    ],
    [
      'is that of an outdated pod that never started, whoever leads',
      {
        pods: [aPod(0, { ...old, ...unstarted }), aPod(1, old), aPod(2, old)],
        leadership: { kind: 'Unknown', cause: 'Silent', why: '' },
      },
      'Replace orders-0',
    ],
    [
      'is that of an outdated pod that has not been ready for a minute',
      { pods: [aPod(0, { ...old, ...lost }), aPod(1, old), aPod(2, old)] },
      'Replace orders-0',
    ],
    [
      'is none of a pod that has just stumbled: it comes back by itself',
      { pods: [aPod(0, { ...old, ...aSecond }), aPod(1, old), aPod(2, old)] },
      'Wait Pods: orders-0 must be ready first',
    ],
    [
      'is none of a majority that has just stumbled',
      { pods: [aPod(0, old), aPod(1, { ...old, ...aSecond }), aPod(2, { ...old, ...aSecond })] },
      'Wait Pods: orders-1, orders-2 must be ready first',
    ],
    [
      'is none of a pod whose node does not answer',
      { pods: [aPod(0, { ...old, ...silent }), aPod(1, old), aPod(2, old)] },
      'Wait Pods: orders-0 must be ready first',
    ],
    [
      'is none of a majority whose nodes do not answer, whatever was last heard of their containers',
      {
        pods: [
          aPod(0, old),
          aPod(1, { ...old, ...silent, trouble }),
          aPod(2, { ...old, ...silent, hasStarted: false }),
        ],
      },
      'Wait Pods: orders-1, orders-2 must be ready first',
    ],
    [
      'of a pod that does not serve waits while another is under way',
      { size: 5, pods: [...somePods(3, old), aPod(3, { ...old, ...lost }), aPod(4, { ...fresh, ...late })] },
      'Wait Pods: orders-4 must be ready first',
    ],
    [
      'of a pod in trouble waits while no broker serves with the present spec',
      { size: 5, pods: [...somePods(3, old), aPod(3, { ...old, ...late, trouble }), aPod(4, { ...fresh, ...late })] },
      'Wait Pods: orders-4 must be ready first',
    ],
    [
      'is that of a pod in trouble once one does, although another hangs in termination',
      { pods: [aPod(0, fresh), aPod(1, { ...fresh, isTerminating: true }), aPod(2, { ...old, ...late, trouble })] },
      'Replace orders-2',
    ],
    [
      'is that of one pod in trouble alone while a quorum serves and another pod hangs in termination',
      {
        size: 7,
        pods: [
          ...somePods(4, fresh),
          ...[4, 5].map((ordinal) => aPod(ordinal, { ...old, ...late, trouble })),
          aPod(6, { ...fresh, ...silent, isTerminating: true }),
        ],
      },
      'Replace orders-5',
    ],
    [
      'is that of all outdated pods that do not come back where no quorum serves',
      { pods: [aPod(0, old), aPod(1, { ...old, ...lost }), aPod(2, { ...old, ...unstarted })] },
      'Replace orders-1 orders-2',
    ],
    [
      'is none of a pod that has not started yet, where no quorum serves and another is on its way',
      { pods: [aPod(0, old), aPod(1, { ...old, ...unstarted })] },
      'Wait Pods: orders-1 must be ready first',
    ],
    [
      'leaves alone what is being deleted already',
      { pods: [aPod(0, { ...old, ...lost }), aPod(1, { ...old, ...late, isTerminating: true })] },
      'Replace orders-0',
    ],
    [
      'is none of a pod that has just stumbled, while another one is under way and may run a bad spec',
      { pods: [aPod(0, old), aPod(1, { ...old, ...late }), aPod(2, { ...fresh, ...lost })] },
      'Wait Pods: orders-1, orders-2 must be ready first',
    ],
    [
      'is that of a pod that does not come back either: none of them could without the other',
      { pods: [aPod(0, old), aPod(1, { ...old, ...lost }), aPod(2, { ...fresh, ...lost })] },
      'Replace orders-1',
    ],
    [
      'is that of a pod that will not run without help',
      { pods: [aPod(0, old), aPod(1, { ...old, ...late, trouble }), aPod(2, { ...fresh, ...late })] },
      'Replace orders-1',
    ],
  ];
  it.each(rows)('%s', (_what, change, expected) => {
    expect(told(nextRestart({ ...sight, ...change }))).toBe(expected);
  });
});

const sizes = fc.integer({ min: 1, max: 7 });

/** What brokers may be heard to say while nobody can be sure. */
const unsure = fc.constantFrom<Leadership>(
  { kind: 'None' },
  { kind: 'Several', leaders: ['orders-0', 'orders-1'] },
  { kind: 'Unknown', cause: 'Silent', why: 'orders-0: no answer' },
  { kind: 'Unknown', cause: 'Silent', why: 'orders-0: no answer', leader: 'orders-1' },
);

const found: fc.Arbitrary<FoundMember> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ revision: 'good', phase: 'Ready', isHurt: false, isCutOff: false } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      revision: fc.constantFrom('good', 'older'),
      phase: fc.constant('Ready' as const),
      isHurt: fc.constant(false),
      isCutOff: fc.constant(false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      revision: fc.constantFrom('good', 'older'),
      phase: fc.constantFrom('Made', 'Starting', 'Terminating'),
      isHurt: fc.boolean(),
      isCutOff: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const clusters = fc.array(found, { minLength: 1, maxLength: 7 });
const luck = fc.nat(6);

/** Something that happens. `at` is an ordinal, whatever the size. */
type Happening =
  | { readonly kind: 'Pass'; readonly answer: Leadership | undefined }
  | { readonly kind: 'MoveOn' | 'Stumble' | 'CutOff' | 'Remove'; readonly at: number };
const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('Pass'), answer: fc.option(unsure, { nil: undefined, freq: 3 }) }),
    },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('MoveOn'), at: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('Stumble', 'CutOff', 'Remove'), at: fc.nat(6) }) },
  ),
  { maxLength: 60 },
);

/** What must hold of every decision, whatever came before it. */
function checkDecision({ size, pods, updateRevision, leadership, now: at }: Sight, restart: Restart): void {
  if (restart.kind !== 'Replace') return;
  const serving = pods.filter(({ isReady, isTerminating }) => isReady && !isTerminating);
  const left = serving.filter(({ name }) => !restart.pods.some((pod) => pod.name === name));
  expect(restart.pods.filter((pod) => pod.isTerminating || pod.revision === updateRevision)).toEqual([]);
  // One broker, or two, cannot lose any and keep a quorum; they lose none that serves while another is under way.
  if (size > 2 && serving.length >= quorumOf(size)) expect(left.length).toBeGreaterThanOrEqual(quorumOf(size));
  if (serving.length >= quorumOf(size)) expect(restart.pods).toHaveLength(1);
  if (left.length < serving.length) {
    expect([restart.pods.length, serving.length]).toEqual([1, size]);
    if (size > 1) expect(leadership.kind).toBe('One');
    const others = pods.filter(({ name }) => name !== restart.pods[0]?.name);
    const isLeader = leadership.kind === 'One' && leadership.leader === restart.pods[0]?.name;
    if (isLeader) expect(others.filter(({ revision }) => revision !== updateRevision)).toEqual([]);
    return;
  }
  const underWay = pods.filter((pod) => pod.isTerminating || (!pod.isReady && pod.revision === updateRevision));
  const isAlone = underWay.length === 0 && pods.length === size;
  const isProven = serving.some(({ revision }) => revision === updateRevision);
  // A spec that nobody serves with yet has one pod at most while a quorum serves.
  if (serving.length >= quorumOf(size) && !isProven) expect(isAlone).toBe(true);
  for (const pod of restart.pods) checkGivenUp(pod, { isAlone, isHopelessOnly: serving.length >= quorumOf(size), at });
}

/** A pod that does not serve is deleted only when it does not come back by itself. */
function checkGivenUp(
  { isUnreachable, hasStarted, trouble: why, notReadySince }: BrokerPod,
  { isAlone, isHopelessOnly, at }: { readonly isAlone: boolean; readonly isHopelessOnly: boolean; readonly at: string },
): void {
  expect(isUnreachable).toBe(false);
  if (why !== undefined) return;
  expect(isAlone || !isHopelessOnly).toBe(true);
  const unreadyMs = Date.parse(at) - Date.parse(notReadySince ?? at);
  if (hasStarted || !isAlone) expect(unreadyMs).toBeGreaterThanOrEqual(60_000);
}

function happen(cluster: RollingCluster, happening: Happening): void {
  if (happening.kind === 'Pass') {
    const { sight: seen, restart } = cluster.pass(happening.answer);
    checkDecision(seen, restart);
    return;
  }
  cluster.wait(5_000);
  const at = happening.at % cluster.size;
  if (happening.kind === 'MoveOn') cluster.moveOn(at);
  else if (happening.kind === 'Stumble') cluster.stumble(at);
  else if (happening.kind === 'CutOff') cluster.cutOff(at);
  else cluster.remove(at);
}

describe('the next restart of any pods', () => {
  const unready = fc.record({
    revision: fc.constantFrom('orders-1', 'orders-2'),
    isReady: fc.constant(false),
    isTerminating: fc.boolean(),
    isUnreachable: fc.boolean(),
    hasStarted: fc.boolean(),
    notReadySince: fc.constantFrom('2026-01-01T00:00:00Z', lost.notReadySince, '2026-01-01T00:09:01Z'),
  });
  const troubled = unready.map((pod) => ({ ...pod, trouble }));
  const ready = fc.record({ revision: fc.constantFrom('orders-1', 'orders-2'), isTerminating: fc.boolean() });
  const anyPods = fc
    .array(fc.oneof(ready, unready, troubled), { minLength: 1, maxLength: 7 })
    .map((pods) => pods.map((pod, ordinal) => aPod(ordinal, pod)));
  const sights = fc.record({
    pods: anyPods,
    missing: fc.nat(2),
    leadership: fc.oneof(unsure, fc.constant(one('orders-0'))),
  });
  const seenAs = ({ pods, missing, leadership }: typeof sights extends fc.Arbitrary<infer S> ? S : never): Sight => ({
    ...{ ...sight, pods, leadership },
    size: pods.length + missing,
  });

  it('is one that the quorum can bear and the pods need, however they were found', () => {
    fc.assert(
      fc.property(sights, (found) => {
        const seen = seenAs(found);
        checkDecision(seen, nextRestart(seen));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is none of brokers that have been unready for a second, nor of any whose nodes do not answer, however many', () => {
    const asleep = fc.constantFrom<Partial<BrokerPod>>(
      { ...old, ...aSecond },
      { ...old, ...silent },
      { ...old, ...silent, trouble },
    );
    const sleeping = fc.array(fc.oneof(asleep, fc.constant(old), fc.constant(fresh)), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(sleeping, fc.nat(2), (found, missing) => {
        const pods = found.map((pod, ordinal) => aPod(ordinal, pod));
        const restart = nextRestart(seenAs({ pods, missing, leadership: one('orders-0') }));
        const deleted = restart.kind === 'Replace' ? restart.pods : [];
        expect(deleted.filter(({ isReady }) => !isReady)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a roll-out of any cluster', () => {
  it('never costs the quorum, takes one pod after the other and the leader last, whatever happens meanwhile', () => {
    fc.assert(
      fc.property(clusters, luck, fc.boolean(), happenings, (members, elected, isBad, steps) => {
        const cluster = new RollingCluster(members, elected);
        cluster.rollTo('newer', { isBad });
        for (const step of steps) happen(cluster, step);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends with every broker on the new spec when that is good, whatever happened before', () => {
    fc.assert(
      fc.property(clusters, luck, happenings, (members, elected, steps) => {
        const cluster = new RollingCluster(members, elected);
        cluster.rollTo('newer');
        for (const step of steps) happen(cluster, step);
        for (const { sight: seen, restart } of cluster.settle()) checkDecision(seen, restart);
        expect(cluster.served).toEqual(members.map(() => 'newer'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('restarts every broker exactly once, one after the other', () => {
    fc.assert(
      fc.property(sizes, luck, (size, elected) => {
        const cluster = RollingCluster.settled(size, elected);
        cluster.rollTo('newer');
        const passes = cluster.settle();
        expect(cluster.replaced).toBe(size);
        const fewest = Math.min(...passes.map(({ sight: { pods } }) => pods.filter(({ isReady }) => isReady).length));
        expect(fewest).toBe(size - 1);
      }),
    );
  });

  it('stops after one pod when the new spec is bad, and keeps all the others', () => {
    fc.assert(
      fc.property(sizes, luck, (size, elected) => {
        const cluster = RollingCluster.settled(size, elected);
        cluster.rollTo('newer', { isBad: true });
        cluster.settle();
        expect([cluster.replaced, cluster.serving]).toEqual([1, size - 1]);
      }),
    );
  });

  it('stops after one pod when the new spec is bad, also where some pods did not serve before', () => {
    fc.assert(
      fc.property(clusters, (members) => {
        const cluster = new RollingCluster(members);
        fc.pre(cluster.serving >= quorumOf(cluster.size));
        const present = members.filter((member) => member !== undefined && member.phase !== 'Terminating').length;
        cluster.rollTo('newer', { isBad: true });
        const replaced = cluster.settle().flatMap(({ restart }) => (restart.kind === 'Replace' ? restart.pods : []));
        // A pod that was gone or going comes back with the bad spec by itself, and is the one that the roll-out waits for.
        expect(replaced.length).toBeLessThanOrEqual(present === cluster.size ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('does not give the bad spec to a broker that stumbles beside the one it has stopped at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 7 }), luck, fc.nat(6), (size, elected, which) => {
        const cluster = RollingCluster.settled(size, elected);
        cluster.rollTo('newer', { isBad: true });
        cluster.settle();
        const serving = cluster.sight().pods.filter(({ isReady }) => isReady);
        const at = serving[which % serving.length]?.ordinal ?? 0;
        cluster.stumble(at);
        cluster.pass();
        cluster.wait(20_000);
        cluster.moveOn(at);
        cluster.settle();
        expect(cluster.serving).toBeGreaterThanOrEqual(quorumOf(size));
      }),
    );
  });

  it('goes back to the spec before at once, also when the node of another pod is lost and that hangs in termination', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), luck, fc.nat(5), (size, elected, which) => {
        const cluster = RollingCluster.settled(size, elected);
        cluster.rollTo('newer', { isBad: true });
        cluster.settle();
        const troubled = cluster.sight().pods.filter(({ isReady }) => !isReady);
        const serving = cluster.sight().pods.filter(({ isReady }) => isReady);
        const at = serving[which % serving.length]?.ordinal ?? 0;
        cluster.cutOff(at);
        cluster.remove(at);
        cluster.rollTo('good');
        const { sight: seen, restart } = cluster.pass();
        checkDecision(seen, restart);
        expect(told(restart)).toBe(`Replace ${troubled.map(({ name }) => name).join(' ')}`);
        cluster.settle();
        expect(cluster.serving).toBe(size);
      }),
    );
  });

  it('goes back to the spec before and ends, wherever a bad one has left it', () => {
    fc.assert(
      fc.property(clusters, happenings, (members, steps) => {
        fc.pre(members.every((member) => member?.isHurt !== true || member.revision !== 'good'));
        const cluster = new RollingCluster(members);
        cluster.rollTo('newer', { isBad: true });
        for (const step of steps) happen(cluster, step);
        cluster.rollTo('good');
        for (const { sight: seen, restart } of cluster.settle()) checkDecision(seen, restart);
        expect(cluster.served).toEqual(members.map(() => 'good'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no pod that serves on the word of anybody who is not sure', () => {
    fc.assert(
      fc.property(clusters, unsure, (members, answer) => {
        fc.pre(members.length > 1);
        const cluster = new RollingCluster(members);
        cluster.rollTo('newest');
        const { restart } = cluster.pass(answer);
        const serving = restart.kind === 'Replace' ? restart.pods.filter(({ isReady }) => isReady) : [];
        expect(serving.filter(({ isTerminating }) => !isTerminating)).toEqual([]);
      }),
    );
  });
});
