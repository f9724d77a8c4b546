import type { ChildAction, Failure } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aPod, aStatefulSet, fine, type SpecInput, somePods } from './a-cluster.fixture.ts';
import type { Reason } from './api/v1alpha1/conditions.ts';
import type { Phase, ReBootstrapStep } from './api/v1alpha1/status.ts';
import { StreamBusCluster, type StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from './judge/guard.ts';
import { reBootstrapAnnotation } from './rebootstrap/opt-in.ts';
import type { Findings } from './status/situation.ts';
import { statusOf, unhurried } from './status.ts';

const now = '2026-01-01T00:10:00Z';
const refusal: Refusal = { reason: 'ReplicasChangeRefused', message: 'spec.replicas is 5' };
const transient: Failure = {
  child: 'Service/orders',
  terminal: false,
  reason: 'InternalError',
  message: 'etcd timed out',
};
const terminal: Failure = { child: 'StatefulSet/orders', terminal: true, reason: 'Invalid', message: 'bad label' };
const contest = { child: 'StatefulSet/orders', path: '.spec.template', manager: 'kubectl', retryAfterMs: 60_000 };
const tokens: SpecInput = { security: { authentication: { enabled: true, method: 'jwt' } } };
const encrypted: SpecInput = { security: { tls: { enabled: true, certSecretName: 'tls' } } };
const acceptedTokens: SpecInput = { security: { ...tokens.security, acceptUnenforced: ['jwt'] } };

const cluster = aCluster();
const absent = undefined;
const started = aStatefulSet(cluster, { replicas: 3, readyReplicas: 1, updatedReplicas: 3 });
const complete = aStatefulSet(cluster);
const rolling = aStatefulSet(cluster, { updateRevision: 'orders-2', updatedReplicas: 1, readyReplicas: 2 });
const oneLost = aStatefulSet(cluster, { readyReplicas: 2 });
const onePodGone = aStatefulSet(cluster, { replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
const runningStatus = statusOf(cluster, complete, fine, now);
const running = aCluster({ status: runningStatus });
const rollingStatus = statusOf(
  running,
  rolling,
  { ...fine, decision: { restart: { kind: 'Wait', on: 'Pods', why: '' } } },
  now,
);
const runningEncrypted = aCluster({ spec: encrypted, status: runningStatus });
const optedFor = { ...running, metadata: { ...running.metadata, annotations: { [reBootstrapAnnotation]: '5' } } };

const late = { isReady: false, notReadySince: '2026-01-01T00:00:00Z' };
const trouble = { pod: 'orders-2', container: 'streambus', reason: 'ErrImagePull', message: '', restarts: 0 };
const secretMissing = { secret: 'tls', reason: 'SecretMissing', message: 'Secret/tls does not exist' } as const;
const secretInvalid = { secret: 'tls', reason: 'SecretInvalid', message: 'Secret/tls cannot be used' } as const;
const shared: SpecInput = { multiTenancy: { enabled: true } };
const startedAt = '2026-01-01T00:00:00Z';
const atStep = (step: ReBootstrapStep): Findings => ({
  ...fine,
  progress: { bootstrapReplicas: 3, reBootstrap: { from: 3, to: 5, step, startedAt } },
});

/** `Ready=False Starting` for each condition, in one word each. */
function told({ conditions = [] }: StreamBusClusterStatus): readonly string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

function messageOf({ conditions = [] }: StreamBusClusterStatus, type: string): string | undefined {
  return conditions.find((condition) => condition.type === type)?.message;
}

type Row = readonly [
  phase: Phase,
  when: string,
  condition: string,
  resource: StreamBusCluster,
  statefulSet: typeof complete | undefined,
  findings: Findings,
];

const withPods = (...pods: Findings['pods']): Findings => ({ ...fine, pods });
const withChild = (action: ChildAction): Findings => ({
  ...fine,
  children: [{ child: 'NetworkPolicy/orders', action }],
});
const outdated: Findings['decision'] = { restart: { kind: 'Wait', on: 'Pods', why: 'orders-2 must be ready first' } };
const waits: Findings['decision'] = { restart: { kind: 'Wait', on: 'Leader', why: 'no broker says that it leads' } };

const rows: readonly Row[] = [
  ['Pending', 'its StatefulSet is not there yet', 'Ready=False Pending', cluster, absent, fine],
  [
    ...(['Pending', 'the first writes are being tried again', 'Reconciling=True Pending'] as const),
    ...([cluster, absent, { ...fine, failures: [transient] }] as const),
  ],
  ['Creating', 'its brokers start for the first time', 'Ready=False Starting', cluster, started, fine],
  ['Creating', 'no broker has been ready with the others', 'Initialized=False FirstStart', cluster, started, fine],
  ['Running', 'every broker accepts clients', 'Ready=True AllBrokersReady', cluster, complete, fine],
  ['Running', 'the quorum has formed', 'Initialized=True AllBrokersReadyOnce', cluster, complete, fine],
  ['Running', 'one broker leads', 'QuorumHealthy=True OneLeader', running, complete, fine],
  ['Running', 'the spec is sound', 'Accepted=True SpecAccepted', running, complete, fine],
  ['Running', 'nothing is left to do', 'Reconciling=False UpToDate', running, complete, fine],
  ['Running', 'nobody has to do anything', 'Stalled=False NoActionNeeded', running, complete, fine],
  [
    ...(['Running', 'a write is tried again and every broker is fine', 'Reconciling=True Retrying'] as const),
    ...([running, complete, { ...fine, failures: [transient] }] as const),
  ],
  [
    ...(['Running', 'brokers do not answer and all are ready', 'QuorumHealthy=Unknown BrokersSilent'] as const),
    ...([running, complete] as const),
    { ...fine, leadership: { kind: 'Unknown', cause: 'Silent', why: 'orders-0: no answer within 2000 ms' } },
  ],
  [
    ...(['Running', 'its user has opted for another size', 'ReBootstrapOffered=True OptedIn'] as const),
    ...([optedFor, complete, fine] as const),
  ],
  [
    ...(['Running', 'it lives without what its user accepted', 'SecurityEnforced=False NotEnforced'] as const),
    ...([aCluster({ spec: acceptedTokens }), complete, fine] as const),
  ],
  [
    ...(['Running', 'every broker is behind its proxy', 'SecurityEnforced=True Enforced'] as const),
    ...([aCluster({ spec: encrypted }), complete, fine] as const),
  ],
  [
    ...(['Running', 'some quotas are enforced', 'TenancyEnforced=False PartlyEnforced'] as const),
    ...([aCluster({ spec: shared }), complete] as const),
    { ...fine, tenancy: { enforced: ['maxConnections'], notEnforced: ['maxTopics: the brokers have no tenant API'] } },
  ],
  [
    ...(['Running', 'a field does nothing', 'UnsupportedFields=True NoEffect'] as const),
    ...([aCluster({ spec: { version: 'v1' } }), complete, fine] as const),
  ],
  [
    ...(['Updating', 'a new template rolls', 'Ready=False RollingUpdate'] as const),
    ...([running, rolling, { ...fine, decision: outdated }] as const),
  ],
  [
    ...(['Updating', 'TLS rolls out', 'SecurityEnforced=False RollingOut'] as const),
    ...([runningEncrypted, rolling, { ...fine, decision: outdated }] as const),
  ],
  [
    ...(['Updating', 'its user has opted for yet another size', 'ReBootstrapOffered=True OptedIn'] as const),
    ...([optedFor, complete, atStep('Starting')] as const),
  ],
  [
    ...(['Failed', 'a pod of the new size will never run', 'Stalled=True BrokerStuck'] as const),
    ...([running, complete, { ...atStep('Starting'), pods: [...somePods(2), aPod(2, { ...late, trouble })] }] as const),
  ],
  ...(
    [
      ['a write of what protects it is tried again', { ...fine, failures: [transient] }],
      ['a child that protects it is held back', withChild('Held')],
      ['a pod runs without its protection', { ...fine, decision: outdated }],
    ] as const
  ).flatMap(([when, findings]): readonly Row[] => [
    ['Degraded', when, 'SecurityEnforced=False RollingOut', runningEncrypted, complete, findings],
    ['Degraded', when, 'Ready=False RollingOut', runningEncrypted, complete, findings],
    ['Degraded', when, 'Reconciling=True RollingOut', runningEncrypted, complete, findings],
  ]),
  [
    ...(['Degraded', 'somebody fights over what protects it', 'SecurityEnforced=False RollingOut'] as const),
    ...([runningEncrypted, complete, { ...fine, contests: [contest] }] as const),
  ],
  [
    ...(['Failed', 'a refused spec asks for protection', 'SecurityEnforced=Unknown ReplicasChangeRefused'] as const),
    ...([runningEncrypted, complete, { ...fine, refusal }] as const),
  ],
  [
    ...(['Running', 'quotas are not written yet', 'TenancyEnforced=False RollingOut'] as const),
    ...([aCluster({ spec: shared, status: runningStatus }), complete] as const),
    { ...fine, failures: [transient], tenancy: { enforced: ['maxConnections'], notEnforced: [] } },
  ],
  [
    ...(['Updating', 'a roll-out waits for a leader', 'Reconciling=True RollingUpdate'] as const),
    ...([running, rolling, { ...fine, decision: waits }] as const),
  ],
  ...(['Stopping', 'RemovingRaft', 'Starting'] as const).map(
    (step): Row => [
      'Updating',
      `it is bootstrapped anew, at step ${step}`,
      'Ready=False ReBootstrapping',
      running,
      complete,
      atStep(step),
    ],
  ),
  ['Degraded', 'a broker of a running cluster is lost', 'Ready=False BrokersUnavailable', running, oneLost, fine],
  [
    ...(['Degraded', 'somebody deletes a pod of a running cluster', 'Ready=False BrokersUnavailable'] as const),
    ...([running, onePodGone, { ...fine, decision: { restart: { kind: 'Done' } } }] as const),
  ],
  [
    ...(['Updating', 'the last pod of a roll-out is being made anew', 'Ready=False RollingUpdate'] as const),
    ...([
      aCluster({ status: rollingStatus }),
      onePodGone,
      { ...fine, decision: { restart: { kind: 'Done' } } },
    ] as const),
  ],
  [
    ...(['Degraded', 'no broker of a running cluster is ready', 'Ready=False BrokersUnavailable'] as const),
    ...([running, aStatefulSet(cluster, { readyReplicas: 0 }), fine] as const),
  ],
  [
    ...([
      'Degraded',
      'a pod is lost, which its StatefulSet does not know yet',
      'Ready=False BrokersUnavailable',
    ] as const),
    ...([running, complete, withPods(...somePods(2), aPod(2, late))] as const),
  ],
  [
    ...(['Degraded', 'its StatefulSet was deleted and cannot be made', 'Ready=False BrokersUnavailable'] as const),
    ...([running, oneLost, { ...fine, failures: [transient] }] as const),
  ],
  [
    ...(['Degraded', 'somebody keeps changing a child', 'Stalled=True FieldContested'] as const),
    ...([running, complete, { ...fine, contests: [contest] }] as const),
  ],
  [
    ...(['Degraded', 'it runs without what it asks for', 'Stalled=True NotEnforced'] as const),
    ...([aCluster({ spec: tokens }), complete, fine] as const),
  ],
  [
    ...(['Degraded', 'the quorum is lost although every pod is ready', 'QuorumHealthy=False NoLeader'] as const),
    ...([running, complete, { ...fine, leadership: { kind: 'None' } }] as const),
  ],
  [
    ...(['Degraded', 'more than one cluster has formed', 'QuorumHealthy=False SeveralLeaders'] as const),
    ...([running, complete, { ...fine, leadership: { kind: 'Several', leaders: ['orders-0', 'orders-1'] } }] as const),
  ],
  [
    ...(['Degraded', 'a roll-out stops at a pod that does not come', 'Stalled=True RollOutStuck'] as const),
    ...([
      running,
      rolling,
      { ...withPods(...somePods(2), aPod(2, { ...late, trouble })), decision: outdated },
    ] as const),
  ],
  [
    ...(['Degraded', 'the Secret of a running cluster is gone', 'Stalled=True SecretMissing'] as const),
    ...([aCluster({ spec: encrypted, status: runningStatus }), complete] as const),
    { ...fine, secretProblems: [secretMissing] },
  ],
  [
    'Creating',
    'it starts without what it asks for',
    'Stalled=True NotEnforced',
    aCluster({ spec: tokens }),
    started,
    fine,
  ],
  [
    ...(['Failed', 'a pod of a first start will never run', 'Stalled=True BrokerStuck'] as const),
    ...([cluster, started, withPods(...somePods(2), aPod(2, { ...late, trouble }))] as const),
  ],
  [
    ...(['Failed', 'the Secret that its first start needs is of no use', 'Stalled=True SecretInvalid'] as const),
    ...([aCluster({ spec: encrypted }), absent, { ...fine, secretProblems: [secretInvalid] }] as const),
  ],
  [
    ...(['Failed', 'its spec is refused', 'Accepted=False ReplicasChangeRefused'] as const),
    ...([running, complete, { ...fine, refusal }] as const),
  ],
  ...(['SpecInvalid', 'RaftVolumesRemain', 'RaftPortChangeRefused', 'StorageChangeRefused'] as const).map(
    (reason): Row => [
      'Failed',
      `its spec is refused with ${reason}`,
      `Ready=False ${reason}`,
      running,
      complete,
      { ...fine, refusal: { reason, message: 'no' } },
    ],
  ),
  [
    ...(['Failed', 'a child is refused by the API server', 'Reconciling=False ActionNeeded'] as const),
    ...([cluster, absent, { ...fine, failures: [terminal] }] as const),
  ],
];

describe('the phase of a cluster', () => {
  it.each(rows)('is %s when %s: %s', (phase, _when, condition, resource, statefulSet, findings) => {
    const status = statusOf(resource, statefulSet, findings, now);
    expect([status.phase, told(status)]).toEqual([phase, expect.arrayContaining([condition])]);
  });

  it('and every reason there is are in these rows', () => {
    const phases: Readonly<Record<Phase, true>> = {
      ...{ Pending: true, Creating: true, Running: true, Updating: true, Degraded: true, Failed: true },
    };
    const reasons: Readonly<Record<Reason, true>> = {
      ...{ AllBrokersReady: true, Pending: true, Starting: true, RollingUpdate: true, BrokersUnavailable: true },
      ...{ BrokerStuck: true, RollOutStuck: true, ReBootstrapping: true, OneLeader: true, NoLeader: true },
      ...{ SeveralLeaders: true, BrokersSilent: true, OptedIn: true, SecretMissing: true, SecretInvalid: true },
      ...{ Enforced: true, PartlyEnforced: true, NotEnforced: true, RollingOut: true, Retrying: true },
      ...{ FieldContested: true, NoEffect: true, SpecAccepted: true, SpecInvalid: true, ReplicasChangeRefused: true },
      ...{ RaftPortChangeRefused: true, StorageChangeRefused: true, AllBrokersReadyOnce: true, FirstStart: true },
      ...{ UpToDate: true, ActionNeeded: true, NoActionNeeded: true, RaftVolumesRemain: true },
    };
    const reached = rows.map(([phase, , condition]) => [phase, condition.split(' ')[1]] as const);
    expect(Object.keys(phases).filter((phase) => !reached.some(([each]) => each === phase))).toEqual([]);
    expect(Object.keys(reasons).filter((reason) => !reached.some(([, each]) => each === reason))).toEqual([]);
  });
});

describe('the status of a cluster', () => {
  it('says all there is to say of a running one', () => {
    const condition = (type: string, status: string, reason: string, message: string) => ({
      type,
      status,
      reason,
      message,
      lastTransitionTime: now,
      observedGeneration: 1,
    });
    expect(statusOf(cluster, complete, fine, now)).toEqual({
      phase: 'Running',
      observedGeneration: 1,
      bootstrapReplicas: 3,
      largestReplicas: 3,
      replicas: 3,
      readyReplicas: 3,
      leader: 'orders-0',
      endpoints: [0, 1, 2].map((ordinal) => `orders-${ordinal}.orders-headless.shop.svc:9092`),
      selector: 'app.kubernetes.io/name=streambus-broker,app.kubernetes.io/instance=orders',
      conditions: [
        condition('Accepted', 'True', 'SpecAccepted', 'The spec is valid.'),
        condition(
          'Initialized',
          'True',
          'AllBrokersReadyOnce',
          'All brokers were ready together: the raft quorum has formed.',
        ),
        condition('QuorumHealthy', 'True', 'OneLeader', 'Exactly one broker leads.'),
        condition('Ready', 'True', 'AllBrokersReady', 'All 3 brokers accept clients.'),
        condition('Reconciling', 'False', 'UpToDate', 'Everything is as the spec says.'),
        condition('Stalled', 'False', 'NoActionNeeded', 'Nobody has to do anything.'),
      ],
    });
  });

  it('withholds Ready where something is asked for that nobody enforces, and names what else is not done', () => {
    const spec: SpecInput = {
      ...tokens,
      version: 'v0.6.0',
      multiTenancy: { enabled: true },
      config: { compressionEnabled: true, maxConnections: 9 },
      observability: { tracing: { enabled: true, samplingRate: 0 }, logging: { format: 'json' } },
    };
    const tenancy = { enforced: [], notEnforced: ['maxTopics: the brokers have no tenant API'] };
    const status = statusOf(aCluster({ spec }), complete, { ...fine, tenancy }, now);
    expect(told(status)).toEqual([
      'Accepted=True SpecAccepted',
      'Initialized=True AllBrokersReadyOnce',
      'QuorumHealthy=True OneLeader',
      'Ready=False NotEnforced',
      'Reconciling=False ActionNeeded',
      'SecurityEnforced=False NotEnforced',
      'Stalled=True NotEnforced',
      'TenancyEnforced=False NotEnforced',
      'UnsupportedFields=True NoEffect',
    ]);
    expect(messageOf(status, 'SecurityEnforced')).toBe('Not enforced: jwt: nobody verifies tokens.');
    expect(messageOf(status, 'TenancyEnforced')).toBe(
      'Nothing is enforced. Not enforced: maxTopics: the brokers have no tenant API.',
    );
    expect(messageOf(status, 'UnsupportedFields')).toBe(
      'These fields do nothing: spec.config.compressionEnabled, spec.config.maxConnections, ' +
        'spec.observability.logging.format, spec.observability.tracing.enabled, spec.observability.tracing.samplingRate, spec.version.',
    );
  });

  it('takes back what it said of fields that are gone from the spec', () => {
    const before = statusOf(aCluster({ spec: { ...tokens, version: 'v1' } }), complete, fine, now);
    expect(told(statusOf(aCluster({ status: before }), complete, fine, now))).toEqual([
      'Accepted=True SpecAccepted',
      'Initialized=True AllBrokersReadyOnce',
      'QuorumHealthy=True OneLeader',
      'Ready=True AllBrokersReady',
      'Reconciling=False UpToDate',
      'Stalled=False NoActionNeeded',
    ]);
  });

  it('says which pod a roll-out is stuck at, why, since when, and how to get out', () => {
    const stuck = { ...withPods(...somePods(2), aPod(2, { ...late, trouble })), decision: outdated };
    expect(messageOf(statusOf(running, rolling, stuck, now), 'Stalled')).toBe(
      'orders-2 has not been ready since 2026-01-01T00:00:00Z: ImagePullBackOff, the image of container streambus cannot be ' +
        'pulled. No other broker is restarted meanwhile. Mend that, or set the spec back: the pod is then replaced at once.',
    );
  });

  it('says which pod a cluster that is bootstrapped anew waits for, and how to get out', () => {
    const stuck = { ...atStep('Starting'), pods: [...somePods(2), aPod(2, late)] };
    const status = statusOf(running, complete, stuck, now);
    expect(messageOf(status, 'Stalled')).toBe(
      'orders-2 has not been ready since 2026-01-01T00:00:00Z, although its broker runs. Mend that, or change the spec.',
    );
  });

  it('says at every step of bootstrapping anew which pod does not go', () => {
    const going = aPod(2, { ...late, isTerminating: true, dueToGo: '2026-01-01T00:01:00Z' });
    const status = statusOf(running, complete, { ...atStep('Stopping'), pods: [going] }, now);
    expect(messageOf(status, 'Ready')).toContain('orders-2 should have gone by 2026-01-01T00:01:00Z and has not');
  });

  it('says that a roll-out waits for pods only where one is not there', () => {
    const decision = { restart: { kind: 'Wait', on: 'Pods', why: '1 of 3 brokers must be ready first' } } as const;
    const message = (...pods: Findings['pods']) =>
      messageOf(statusOf(running, rolling, { ...fine, pods, decision }, now), 'Ready');
    expect([message(...somePods(2)), message(...somePods(3))]).toEqual([
      'Updated brokers: 1 of 3. The next broker waits: 1 of 3 brokers must be ready first.',
      'Updated brokers: 1 of 3.',
    ]);
  });

  it('says which broker a leader keeps out, and what is done about it', () => {
    const [leader, stuck] = [aPod(0), aPod(2, late)];
    const lockOut = { leader, stuck, cure: { kind: 'Replace' } } as const;
    const findings: Findings = { ...withPods(...somePods(2), stuck), decision: { restart: { kind: 'Done' }, lockOut } };
    const status = statusOf(running, oneLost, findings, now);
    expect(messageOf(status, 'Ready')).toContain(
      'orders-2 runs and cannot join while orders-0 leads: orders-0 is replaced.',
    );
    expect(status.leaderReplacement).toEqual({
      ...{ leader: 'orders-0', leaderUid: 'uid-0', stuckPod: 'orders-2', stuckPodUid: 'uid-2', time: now },
    });
  });

  it('remembers the leader that was replaced, and the last one that was known', () => {
    const leaderReplacement = { leader: 'a', leaderUid: 'b', stuckPod: 'c', stuckPodUid: 'd', time: startedAt };
    const before = { ...runningStatus, leaderReplacement };
    const electing: Findings = { ...fine, leadership: { kind: 'None' } };
    expect(statusOf(aCluster({ status: before }), complete, electing, now)).toMatchObject({
      leader: 'orders-0',
      leaderReplacement,
    });
  });

  it('offers the size that its user has opted for, until it is asked for or forgotten about', () => {
    const offered = statusOf(optedFor, complete, fine, now);
    expect(offered.offeredReplicas).toBe(5);
    expect(messageOf(offered, 'ReBootstrapOffered')).toMatch(/^spec\.replicas may be set to 5\. /);
    const forgotten = statusOf({ ...running, status: offered }, complete, fine, now);
    expect([forgotten.offeredReplicas, messageOf(forgotten, 'ReBootstrapOffered')]).toEqual([undefined, undefined]);
  });

  it('follows the brokers where these can change their membership, and keeps the largest size there has been', () => {
    const dynamic = aCluster({
      spec: { replicas: 3, raft: { membership: 'Dynamic' } },
      status: { largestReplicas: 7 },
    });
    const four = aStatefulSet(aCluster({ spec: { replicas: 4 } }));
    expect(statusOf(dynamic, four, fine, now)).toMatchObject({ bootstrapReplicas: 4, largestReplicas: 7 });
  });

  it('keeps addresses and size of a running cluster whose spec is refused, and counts its pods on', () => {
    const refused = aCluster({ generation: 2, spec: { replicas: 5 }, status: running.status ?? {} });
    const status = statusOf(refused, oneLost, { ...fine, refusal }, now);
    expect(status).toMatchObject({
      phase: 'Failed',
      observedGeneration: 2,
      bootstrapReplicas: 3,
      readyReplicas: 2,
      endpoints: runningStatus.endpoints,
    });
    expect(status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReplicasChangeRefused',
      message: 'spec.replicas is 5. The brokers keep running with the spec before.',
    });
  });

  it('does not claim a generation that is still being written', () => {
    const edited = aCluster({ generation: 2, status: running.status ?? {} });
    expect(statusOf(edited, complete, { ...fine, failures: [transient] }, now).observedGeneration).toBe(1);
    expect(statusOf(edited, complete, { ...fine, failures: [terminal] }, now).observedGeneration).toBe(2);
    expect(statusOf(edited, complete, fine, now).observedGeneration).toBe(2);
  });

  it('says who fights over which field', () => {
    const { conditions } = statusOf(running, complete, { ...fine, contests: [contest] }, now);
    expect(conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'kubectl keeps changing .spec.template of StatefulSet/orders. Make it leave that field alone; the operator tries again now and then.',
    );
  });

  it('differs only in what may wait while the brokers of a new cluster become ready one by one', () => {
    const steps = [0, 1, 2].map((ready) => {
      const status = statusOf(cluster, aStatefulSet(cluster, { replicas: 3, readyReplicas: ready }), fine, now);
      const conditions = status.conditions?.map(({ message: _wording, ...condition }) => condition);
      return Object.fromEntries(Object.entries({ ...status, conditions }).filter(([field]) => !(field in unhurried)));
    });
    expect(steps[1]).toEqual(steps[0]);
    expect(steps[2]).toEqual(steps[0]);
  });
});

const pendingActions = ['Held', 'Failed', 'Contested', 'Terminating', 'Recreating'] as const;

describe('any status', () => {
  const situations = fc.record({
    spec: fc.constantFrom<SpecInput>({}, tokens, acceptedTokens, encrypted, shared, { version: 'v1' }, { replicas: 1 }),
    before: fc.constantFrom(undefined, runningStatus, rollingStatus),
    statefulSet: fc.constantFrom(absent, started, complete, rolling, oneLost),
    findings: fc.constantFrom<Findings>(
      fine,
      { ...fine, refusal },
      { ...fine, failures: [transient] },
      { ...fine, failures: [terminal, transient] },
      { ...fine, contests: [contest] },
      { ...fine, leadership: { kind: 'None' } },
      { ...fine, leadership: { kind: 'Unknown', cause: 'Unready', why: '1 of 3 brokers accept no clients' } },
      { ...fine, secretProblems: [secretMissing] },
      { ...fine, decision: waits },
      { ...fine, decision: outdated },
      ...pendingActions.map(withChild),
      withPods(...somePods(3)),
      withPods(...somePods(2), aPod(2, { ...late, trouble })),
      withPods(...somePods(2), aPod(2, late)),
      atStep('Stopping'),
      atStep('Starting'),
    ),
  });
  const statusIn = ({
    spec,
    before,
    statefulSet,
    findings,
  }: typeof situations extends fc.Arbitrary<infer S> ? S : never) => {
    const resource = aCluster({ spec, ...(before !== undefined && { status: before }) });
    return { resource, status: statusOf(resource, statefulSet, findings, now) };
  };

  it('is one the API server accepts, and stays the same when nothing changes', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { resource, status } = statusIn(situation);
        expect(StreamBusCluster.validate({ ...resource, status })).toEqual([]);
        const again = statusOf(
          { ...resource, status },
          situation.statefulSet,
          situation.findings,
          '2027-01-01T00:00:00Z',
        );
        expect(again).toEqual(status);
      }),
    );
  });

  it('never says Ready while something is under way or waits for a person', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { conditions = [], phase } = statusIn(situation).status;
        const is = Object.fromEntries(conditions.map(({ type, status }) => [type, status === 'True']));
        if (is['Ready'] !== true) return;
        expect(phase).toBe('Running');
        expect(is['Stalled']).toBe(false);
        expect(is['Reconciling'] === true && situation.findings.failures.length === 0).toBe(false);
      }),
    );
  });
});

describe('protection', () => {
  const guarded: SpecInput = { ...encrypted, ...shared };
  const tenancy = { enforced: ['maxConnections'], notEnforced: [] };
  const enforcedIn = (findings: Findings, statefulSet = complete, before = runningStatus) => {
    const status = statusOf(aCluster({ spec: guarded, status: before }), statefulSet, { ...findings, tenancy }, now);
    return Object.fromEntries(
      (status.conditions ?? []).flatMap(({ type, status: value }) =>
        ['SecurityEnforced', 'TenancyEnforced', 'Ready'].includes(type) ? [[type, value]] : [],
      ),
    );
  };
  const inForce = { SecurityEnforced: 'True', TenancyEnforced: 'True', Ready: 'True' };

  it.each(['Created', 'Updated', 'Unchanged'] as const)('is in force when all of it is written: %s', (action) => {
    expect(enforcedIn(withChild(action))).toEqual(inForce);
  });

  it('stays in force while a broker is away that comes back as it was', () => {
    const away = withPods(...somePods(2), aPod(2, late));
    expect(enforcedIn(away, oneLost)).toEqual({ ...inForce, Ready: 'False' });
  });

  it('is never said to be in force while something is wrong with it, whatever else is true', () => {
    const restart = fc.constantFrom<NonNullable<Findings['decision']>['restart']>(
      { kind: 'Done' },
      { kind: 'Replace', pods: [aPod(2)] },
      ...(['Controller', 'Pods', 'Leader', 'Secrets'] as const).map((on) => ({ kind: 'Wait', on, why: 'so' }) as const),
    );
    const refusals = fc.constantFrom(
      ...(['SpecInvalid', 'RaftVolumesRemain', 'ReplicasChangeRefused'] as const).map((reason) => ({
        reason,
        message: 'no',
      })),
    );
    const actions = fc.constantFrom<ChildAction>('Created', 'Updated', 'Unchanged', ...pendingActions);
    const found = fc.record({
      children: fc.array(
        actions.map((action) => ({ child: 'ConfigMap/orders-access', action })),
        { maxLength: 3 },
      ),
      failures: fc.subarray([transient, terminal]),
      contests: fc.subarray([contest]),
      secretProblems: fc.subarray([secretMissing, secretInvalid]),
      refusal: fc.option(refusals, { nil: undefined, freq: 4 }),
      restart: fc.option(restart, { nil: undefined, freq: 4 }),
      pods: fc.constantFrom(somePods(3), [...somePods(2), aPod(2, late)], somePods(0)),
    });
    const statefulSets = fc.constantFrom(started, complete, rolling, oneLost, onePodGone);
    fc.assert(
      fc.property(found, statefulSets, fc.constantFrom(runningStatus, rollingStatus), (each, statefulSet, before) => {
        const { refusal: refused, restart: next, ...rest } = each;
        const findings: Findings = {
          ...{ ...rest, leadership: fine.leadership },
          ...(refused !== undefined && { refusal: refused }),
          ...(next !== undefined && { decision: { restart: next } }),
        };
        const isPending = rest.children.some(({ action }) => pendingActions.some((pending) => pending === action));
        const isWrong = refused !== undefined || rest.failures.length > 0 || rest.contests.length > 0 || isPending;
        const told = enforcedIn(findings, statefulSet, before);
        const isCarriedOut = !isWrong && next?.kind === 'Done';
        if (!isCarriedOut) expect(Object.values(told)).not.toContain('True');
        else expect(told['SecurityEnforced']).toBe(rest.secretProblems.length === 0 ? 'True' : 'False');
      }),
      { numRuns: 1_000 },
    );
  });

  it('that nobody has asked for is no reason to withhold Ready while a write is tried again', () => {
    const { conditions = [] } = statusOf(running, complete, { ...fine, failures: [transient] }, now);
    expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
  });
});

describe('the size of a cluster whose StatefulSet is made anew', () => {
  const made = (action: 'Recreating' | 'Terminating' | 'Failed') =>
    statusOf(cluster, absent, { ...fine, children: [{ child: 'StatefulSet/orders', action }] }, now).bootstrapReplicas;

  it('is in the status before the former one has gone, and not where that stays', () => {
    expect([made('Recreating'), made('Terminating'), made('Failed')]).toEqual([3, 3, undefined]);
  });
});
