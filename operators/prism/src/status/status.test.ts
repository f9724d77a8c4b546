import { conditionOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, allAvailable, aPod, type SpecInput, unseen } from '../a-cluster.fixture.ts';
import type { PrismCluster, PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import type { Observed } from '../observe.ts';
import { statusOf } from '../status.ts';
import type { Findings } from './situation.ts';

const now = '2026-01-01T00:10:00Z';
const spec = {
  backends: { redis: {}, nats: {} },
  patterns: [
    { name: 'keyvalue', backends: ['redis'], type: 'StatefulSet' },
    { name: 'consumer', backends: ['nats'] },
  ],
} satisfies SpecInput;
const cluster = aCluster({ spec });

const none = { children: [], failures: [], contests: [] };
const found = (observed: Observed, more: Partial<Findings> = {}): Findings => ({ observed, ...none, ...more });
const statusAfter = (of: PrismCluster, observed: Observed, more: Partial<Findings> = {}) =>
  statusOf(of, found(observed, more), now);

/** Phase, and the reason of Ready. */
const summary = (status: PrismClusterStatus) => `${status.phase} ${conditionOf(status.conditions, 'Ready')?.reason}`;
const told = (status: PrismClusterStatus, type: string) => {
  const condition = conditionOf(status.conditions, type);
  return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
};

/** The cluster with the status that it has once everything has run. */
const running = aCluster({ spec, status: statusAfter(cluster, allAvailable(cluster)) });
const refusal = { reason: 'AdminStorageUnsupported', message: 'No' } as const;
const terminal = { child: 'Service/x', terminal: true, reason: 'Forbidden', message: 'forbidden' };
const crash = {
  ...{ pod: 'x', container: 'main', message: 'the container ended with exit code 1', restarts: 9 },
};
const pulling = aPod('redis', {
  trouble: { pod: 'orders-redis-0', container: 'redis', reason: 'ImagePullBackOff', message: '', restarts: 0 },
});

describe('the phase of a cluster, and why it is not Ready', () => {
  const redisAway = allAvailable(cluster, { redis: { available: 0 } });
  const rows: readonly (readonly [string, PrismCluster, Observed, Partial<Findings>, string])[] = [
    ['of which there is nothing yet', cluster, unseen, {}, 'Pending Pending'],
    [
      'that starts',
      cluster,
      allAvailable(cluster, { redis: { available: 0 }, 'keyvalue-runner': null }),
      {},
      'Pending Starting',
    ],
    [
      'whose backends, admin and proxy run, while patterns start',
      cluster,
      allAvailable(cluster, { 'consumer-runner': { available: 0 } }),
      {},
      'Pending Starting',
    ],
    ['in which everything runs', cluster, allAvailable(cluster), {}, 'Running AllReady'],
    ['that cannot start', cluster, { ...redisAway, pods: [pulling] }, {}, 'Failed PodStuck'],
    ['whose spec is refused', cluster, unseen, { refusal }, 'Failed AdminStorageUnsupported'],
    [
      'that runs and whose new spec is refused',
      running,
      allAvailable(cluster),
      { refusal },
      'Failed AdminStorageUnsupported',
    ],
    ['that lost a backend', running, redisAway, {}, 'Degraded Unavailable'],
    ['that lost a backend for good', running, { ...redisAway, pods: [pulling] }, {}, 'Degraded PodStuck'],
    [
      'that lost a pattern',
      running,
      allAvailable(cluster, { 'consumer-runner': { available: 0 } }),
      {},
      'Degraded Unavailable',
    ],
    [
      'that is updated while all pods are available',
      running,
      allAvailable(cluster, { 'prism-proxy': { updated: 0 } }),
      {},
      'Running RollingUpdate',
    ],
    [
      'that has not enough pods while it is updated',
      running,
      allAvailable(cluster, { redis: { updated: 0, available: 0 } }),
      {},
      'Degraded RollingUpdate',
    ],
    [
      'of which the API server refuses an object',
      running,
      allAvailable(cluster),
      { failures: [terminal] },
      'Degraded Forbidden',
    ],
    [
      'of which an object is tried again',
      running,
      allAvailable(cluster),
      { failures: [{ ...terminal, terminal: false }] },
      'Running Retrying',
    ],
  ];
  it.each(rows)('%s', (_title, of, observed, more, expected) => {
    expect(summary(statusAfter(of, observed, more))).toBe(expected);
  });

  it('that was Failed for its spec is Running again with the spec before', () => {
    const failed = { ...running, status: statusAfter(running, allAvailable(cluster), { refusal }) };
    expect(summary(statusAfter(failed, allAvailable(cluster)))).toBe('Running AllReady');
  });
});

describe('a pattern that was added', () => {
  const more = { ...spec, patterns: [...spec.patterns, { name: 'claims', image: 'mine:1' }] };
  const added = { ...aCluster({ spec: more }), ...(running.status !== undefined && { status: running.status }) };
  const madeAt = (creationTimestamp: string): Observed => {
    const seen = allAvailable(added, { 'claims-runner': { available: 0 } });
    const live = seen.workloads.get('claims-runner');
    if (live === undefined) throw new Error('there is no workload');
    const claims = { ...live, metadata: { ...live.metadata, creationTimestamp } };
    return { ...seen, workloads: new Map([...seen.workloads, ['claims-runner', claims]]) };
  };

  it.each([
    ['is not there yet', allAvailable(added, { 'claims-runner': null }), {}, 'Running Starting'],
    ['was made a minute ago', madeAt('2026-01-01T00:09:00Z'), {}, 'Running Starting'],
    ['was made three minutes ago', madeAt('2026-01-01T00:07:00Z'), {}, 'Degraded Unavailable'],
    [
      'will not come',
      {
        ...madeAt('2026-01-01T00:09:00Z'),
        pods: [aPod('claims-runner', { trouble: { ...crash, reason: 'ImagePullBackOff' } })],
      },
      {},
      'Degraded PodStuck',
    ],
    [
      'cannot be made',
      allAvailable(added, { 'claims-runner': null }),
      { failures: [{ ...terminal, terminal: false }] },
      'Degraded Starting',
    ],
  ] as const)('and %s is told', (_title, observed, found, expected) => {
    const status = statusAfter(added, observed, found);
    expect(summary(status)).toBe(expected);
  });
});

describe('a container that ends again and again', () => {
  const since = '2026-01-01T00:05:00Z';
  const seen = (of: PrismCluster, pods: Observed['pods'], but: Parameters<typeof allAvailable>[1] = {}) => {
    const status = statusAfter(of, { ...allAvailable(of, { 'consumer-runner': { available: 0 }, ...but }), pods });
    return { ...of, status };
  };
  const ended = aPod('consumer-runner', { notReadySince: since, trouble: { ...crash, reason: 'CrashLoopBackOff' } });
  const stalled = seen(running, [ended]);

  it('stays stuck while it runs in between, in the same words', () => {
    const between = seen(stalled, [aPod('consumer-runner', { isReady: true })]);
    expect(summary(stalled.status)).toBe('Degraded PodStuck');
    expect(between.status).toEqual(stalled.status);
    const again = seen(between, [{ ...ended, notReadySince: now }]);
    expect(again.status).toEqual(stalled.status);
  });

  it('is stuck no more once it is available', () => {
    const well = statusAfter(stalled, allAvailable(cluster));
    expect([summary(well), summary(seen({ ...stalled, status: well }, []).status)]).toEqual([
      'Running AllReady',
      'Degraded Unavailable',
    ]);
  });

  it('is stuck no more once its workload is another one', () => {
    const observed = allAvailable(cluster, { 'consumer-runner': { available: 0 } });
    const live = observed.workloads.get('consumer-runner');
    if (live === undefined) throw new Error('there is no workload');
    const changed = { ...live, metadata: { ...live.metadata, generation: 2 } };
    const workloads = new Map([...observed.workloads, ['consumer-runner', changed] as const]);
    expect(conditionOf(statusAfter(stalled, { ...observed, workloads }).conditions, 'Stalled')?.status).toBe('False');
  });
});

describe('what is not started', () => {
  it('for want of a backend is told, and keeps nothing else from running', () => {
    const lacking = aCluster({
      spec: { ...spec, patterns: [...spec.patterns, { name: 'session', backends: ['kafka'] }] },
    });
    const status = statusAfter(lacking, allAvailable(lacking, { 'session-runner': null }));
    expect(summary(status)).toBe('Degraded BackendDisabled');
    expect(told(status, 'BackendMissing')).toBe(
      'True BackendDisabled: session-runner is not started: it names kafka, which is not enabled: enable spec.backends.kafka, or take it out of its backends.',
    );
  });

  it('for its runner cannot do what is asked is told', () => {
    const refused = aCluster({ spec: { ...spec, patterns: [{ name: 'producer', backends: ['redis'] }] } });
    const status = statusAfter(refused, allAvailable(refused, { 'producer-runner': null }));
    expect([summary(status), conditionOf(status.conditions, 'RunnerSupported')?.status]).toEqual([
      'Degraded Refused',
      'False',
    ]);
    expect(status.patternStatus).toEqual([
      {
        ...{ name: 'producer-runner', ready: false, replicas: 1, availableReplicas: 0 },
        message: expect.stringContaining('cannot be given a password'),
      },
    ]);
  });

  it('for a Secret that is missing is told, and what runs goes on', () => {
    const unusable = { kind: 'Unusable', reason: 'SecretMissing', message: 'Secret/cache does not exist' } as const;
    const observed = {
      ...allAvailable(cluster),
      secrets: { ...unseen.secrets, findings: new Map([['redis', unusable]] as const) },
    };
    const status = statusAfter(running, observed);
    expect(summary(status)).toBe('Degraded SecretMissing');
    expect(told(status, 'BackendsHealthy')).toBe('False SecretMissing: redis: Secret/cache does not exist.');
  });

  it('while an earlier step is not ready is told with what it waits for', () => {
    const waiting = { step: 'redis', reason: 'BackendNotReady', message: 'redis: 0 of 1 pods are ready', since: now };
    const children = [{ child: 'Deployment/orders-prism-proxy', action: 'Held', heldBy: 'redis' }] as const;
    const status = statusAfter(cluster, allAvailable(cluster, { redis: { available: 0 }, 'prism-proxy': null }), {
      waiting,
      children,
    });
    expect(told(status, 'Ready')).toBe(
      'False WaitingForBackend: redis: 0 of 1 pods are ready. One object that comes after it waits.',
    );
  });
});

describe('the status of the components', () => {
  it('has the names of the requirement, and says why one is not ready', () => {
    const observed = { ...allAvailable(cluster, { redis: { available: 0 } }), pods: [pulling] };
    const status = statusAfter(running, observed);
    expect(status.backendStatus).toEqual([
      {
        ...{ name: 'redis', ready: false, replicas: 1, availableReplicas: 0 },
        message: '0 of 1 available; orders-redis-0: ImagePullBackOff, the image of container redis cannot be pulled',
        stuckGeneration: 1,
      },
      { name: 'nats', ready: true, replicas: 1, availableReplicas: 1 },
    ]);
    expect([status.adminStatus, status.proxyStatus]).toEqual([
      { name: 'prism-admin', ready: true, replicas: 1, availableReplicas: 1 },
      { name: 'prism-proxy', ready: true, replicas: 1, availableReplicas: 1 },
    ]);
    expect([status.readyPatterns, status.readyBackends]).toEqual(['2/2', '1/2']);
  });

  it('counts the proxies that an autoscaler wants', () => {
    const scaled = aCluster({ spec: { proxy: { replicas: 2, autoscaling: {} } } });
    const status = statusAfter(scaled, allAvailable(scaled, { 'prism-proxy': { wanted: 7 } }));
    expect(status.proxyStatus).toMatchObject({ replicas: 7, availableReplicas: 7 });
  });

  it('shows a server elsewhere as one that has no pods here', () => {
    const elsewhere = aCluster({
      spec: { backends: { redis: { auth: 'None', external: { endpoint: 'r.example:6379' } } } },
    });
    expect(statusAfter(elsewhere, allAvailable(elsewhere)).backendStatus).toEqual([
      { name: 'redis', ready: true, replicas: 0, availableReplicas: 0 },
    ]);
  });
});

describe('prism-admin', () => {
  const group = aCluster({ spec: { admin: { replicas: 3 } } });
  const led = { kind: 'One', leader: 'orders-prism-admin-2' } as const;
  const admins = (available: number) => allAvailable(group, { 'prism-admin': { wanted: 3, available } });
  it.each([
    [3, led, 'True OneLeader: All members run, and exactly one of them leads.'],
    [
      3,
      { kind: 'None' },
      'False NoLeader: All members that run have answered, and none of them leads: nothing can be written.',
    ],
    [
      3,
      { kind: 'Unknown', why: 'no answer' },
      'Unknown LeaderUnknown: All members run; who leads is not known: no answer.',
    ],
    [2, led, 'False Starting: prism-admin: 2 of 3 available. orders-prism-admin-2 leads: namespaces can be written.'],
  ] as const)('with %i members available, and leadership %o', (available, leadership, expected) => {
    expect(told(statusAfter(group, { ...admins(available), leadership }), 'AdminHealthy')).toBe(expected);
  });

  it('that nobody leads makes the cluster Degraded, though all pods are ready', () => {
    const before = { ...group, status: statusAfter(group, { ...admins(3), leadership: led }) };
    expect(summary(statusAfter(before, { ...admins(3), leadership: { kind: 'None' } }))).toBe('Degraded NoLeader');
  });

  it('of which it is not known who leads does not', () => {
    expect(summary(statusAfter(group, { ...admins(3), leadership: { kind: 'Unknown', why: '' } }))).toBe(
      'Running AllReady',
    );
  });

  it('keeps the number of members that it was made with', () => {
    const { status } = running;
    expect([status?.bootstrappedAdminReplicas, statusAfter(group, admins(3)).bootstrappedAdminReplicas]).toEqual([
      1, 3,
    ]);
  });
});

describe('the time of the status', () => {
  const later = '2026-01-01T01:00:00Z';

  it('stays where nothing else changes', () => {
    expect(statusOf(running, found(allAvailable(cluster)), later)).toEqual(running.status);
  });

  it('moves with any change', () => {
    const status = statusOf(running, found(allAvailable(cluster, { redis: { available: 0 } })), later);
    expect([running.status?.lastReconciled, status.lastReconciled]).toEqual([now, later]);
  });
});

describe('a prism-admin on its way to another number of members', () => {
  const since = '2026-01-01T00:00:00Z';
  const on = (step: 'Stopping' | 'Starting' | 'Replaying') => ({
    rebootstrap: { from: 1, to: 3, step, since } as const,
  });

  it.each<[string, Observed, string]>([
    ['runs', allAvailable(cluster), 'Everything keeps running with the spec before.'],
    ['is to stop', { ...allAvailable(cluster), ...on('Stopping') }, 'prism-admin is stopped until that is mended;'],
    ['is not there', allAvailable(cluster, { 'prism-admin': null }), 'prism-admin is stopped until that is mended;'],
    ['was never there', unseen, 'Nothing was created.'],
  ])('when the spec is refused while it %s: it is said what runs', (_when, observed, text) => {
    expect(told(statusAfter(running, observed, { refusal }), 'Ready')).toContain(text);
  });

  it.each([
    ['Stopping', 'False Rebootstrapping'],
    ['Starting', 'False Rebootstrapping'],
    ['Replaying', 'True OneLeader'],
  ] as const)('is as healthy in the step %s as it can be written to: %s', (step, expected) => {
    const status = statusAfter(running, { ...allAvailable(cluster), ...on(step) });
    const conditions = new Map(status.conditions?.map(({ type, ...rest }) => [type, `${rest.status} ${rest.reason}`]));
    expect([conditions.get('AdminHealthy'), conditions.get('Ready')]).toEqual([expected, 'False Rebootstrapping']);
  });

  it('says what is in its way before it has begun, and is healthy', () => {
    const status = statusAfter(running, { ...allAvailable(cluster), rebootstrapObstacle: 'it may not look' });
    expect(told(status, 'Ready')).toContain('goes on as it is and is not bootstrapped anew yet: it may not look.');
    expect(told(status, 'AdminHealthy')).toContain('OneLeader');
  });
});

describe('a spec that is not even of the right shape', () => {
  const broken = { ...running, spec: { ...running.spec, patterns: 'all of them' } } as unknown as PrismCluster; // an older CRD let it in
  const invalid = { reason: 'SpecInvalid', message: 'spec.patterns: must be a list' } as const;

  it('leaves what was last seen of the components', () => {
    const status = statusAfter(broken, { ...unseen, bootstrapped: 1 }, { refusal: invalid });
    expect(summary(status)).toBe('Failed SpecInvalid');
    expect(status.patternStatus).toEqual(running.status?.patternStatus);
    expect(told(status, 'PatternsHealthy')).toBe(told(running.status ?? {}, 'PatternsHealthy'));
  });
});

describe('what people should know of a spec that is carried out', () => {
  const noticed = (of: SpecInput, type: string, observed?: Observed) => {
    const that = aCluster({ spec: of });
    return told(statusAfter(that, observed ?? allAvailable(that)), type);
  };

  it('is which versions may be others tomorrow', () => {
    expect(noticed({ backends: { nats: { version: 'latest' }, redis: {} } }, 'UnpinnedVersions')).toBe(
      'True LatestTag: What these are may change with any restart: nats (nats:latest). Name a version, or leave it out for a pinned one.',
    );
    expect(noticed({ backends: { redis: {} } }, 'UnpinnedVersions')).toBeUndefined();
  });

  it('is which backends keep a version that one made now would not have', () => {
    const made = { made: { redis: { version: '6.2.0' } } };
    const seen = (of: SpecInput) =>
      noticed(of, 'NewerVersions', {
        ...allAvailable(aCluster({ spec: of })),
        secrets: { ...unseen.secrets, ...made },
      });
    expect(seen({ backends: { redis: {}, nats: {} } })).toMatch(
      /^True OtherDefault: These keep the version that they were made with: redis runs 6\.2\.0, and one that is made now 7\./,
    );
    expect(seen({ backends: { redis: { version: '6.2.0' } } })).toBeUndefined();
    expect(seen({ backends: { redis: { image: 'mirror/redis:7' } } })).toBeUndefined();
  });

  it('is that nobody has said which user an image of postgres runs as', () => {
    const image = 'mirror.example/pg:16';
    expect(noticed({ backends: { postgres: { image } } }, 'UserAssumed')).toMatch(
      /^True UnknownImage: Nobody has said which user mirror\.example\/pg:16 runs as: postgres is started as 999, /,
    );
    expect(noticed({ backends: { postgres: { image, runAsUser: 1001 } } }, 'UserAssumed')).toBeUndefined();
    expect(noticed({ backends: { postgres: {} } }, 'UserAssumed')).toBeUndefined();
  });

  it('is whose credentials everybody knows', () => {
    const known = { kind: 'Usable', credentials: {}, source: 'Existing', isWellKnown: true } as const;
    const observed = {
      ...allAvailable(aCluster()),
      secrets: { ...unseen.secrets, findings: new Map([['minio', known]] as const) },
    };
    expect(noticed({}, 'DefaultCredentials', observed)).toContain(
      'True WellKnown: Everybody knows the credentials of minio',
    );
  });

  it('is whether the autoscaler works', () => {
    expect(noticed({ proxy: { autoscaling: {} } }, 'AutoscalingActive')).toBe(
      'Unknown Waiting: The autoscaler has not been at work yet.',
    );
    expect(noticed({ proxy: { autoscaling: { enabled: false } } }, 'AutoscalingActive')).toBeUndefined();
  });
});
