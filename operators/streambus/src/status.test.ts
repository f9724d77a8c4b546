import type { Failure } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet, type SpecInput } from './a-cluster.fixture.ts';
import { StreamBusCluster, type StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from './judge/guard.ts';
import type { Findings } from './status/situation.ts';
import { statusOf, unhurried } from './status.ts';

const now = '2026-01-01T00:00:00Z';
const fine: Findings = { failures: [], contests: [] };
const refusal: Refusal = { reason: 'ReplicasChangeRefused', message: 'spec.replicas is 5' };
const transient: Failure = {
  child: 'Service/orders',
  terminal: false,
  reason: 'InternalError',
  message: 'etcd timed out',
};
const terminal: Failure = { child: 'StatefulSet/orders', terminal: true, reason: 'Invalid', message: 'bad label' };
const contest = { child: 'StatefulSet/orders', path: '.spec.template', manager: 'kubectl', retryAfterMs: 60_000 };
const secured: SpecInput = { security: { tls: { enabled: true, certSecretName: 'tls' } } };

const cluster = aCluster();
const absent = undefined;
const started = aStatefulSet(cluster, { replicas: 3, readyReplicas: 1, updatedReplicas: 3 });
const complete = aStatefulSet(cluster);
const rolling = aStatefulSet(cluster, { updateRevision: 'orders-2', updatedReplicas: 1, readyReplicas: 2 });
const oneLost = aStatefulSet(cluster, { readyReplicas: 2, updatedReplicas: 2 });
const running = aCluster({ status: statusOf(cluster, complete, fine, now) });

/** `Ready=False Starting` for each condition, in one word each. */
function told({ conditions = [] }: StreamBusClusterStatus): readonly string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

describe('the phase of a cluster', () => {
  const rows = [
    ['Pending', 'its StatefulSet is not there yet', cluster, absent, fine],
    ['Pending', 'the first writes are being tried again', cluster, absent, { ...fine, failures: [transient] }],
    ['Creating', 'its brokers start for the first time', cluster, started, fine],
    ['Running', 'every broker accepts clients', cluster, complete, fine],
    ['Updating', 'a new template rolls', running, rolling, fine],
    ['Degraded', 'a broker of a running cluster is lost', running, oneLost, fine],
    ['Degraded', 'no broker of a running cluster is ready', running, aStatefulSet(cluster, { readyReplicas: 0 }), fine],
    [
      'Degraded',
      'its StatefulSet was deleted and cannot be made',
      running,
      oneLost,
      { ...fine, failures: [transient] },
    ],
    ['Degraded', 'somebody keeps changing a child', running, complete, { ...fine, contests: [contest] }],
    ['Degraded', 'it runs without the security it asks for', aCluster({ spec: secured }), complete, fine],
    ['Creating', 'it starts without the security it asks for', aCluster({ spec: secured }), started, fine],
    [
      'Running',
      'a write is tried again and every broker is fine',
      running,
      complete,
      { ...fine, failures: [transient] },
    ],
    ['Failed', 'its spec is refused', running, complete, { ...fine, refusal }],
    ['Failed', 'a child is refused by the API server', cluster, absent, { ...fine, failures: [terminal] }],
  ] as const;
  it.each(rows)('is %s when %s', (phase, _when, resource, statefulSet, findings) => {
    expect(statusOf(resource, statefulSet, findings, now).phase).toBe(phase);
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
      replicas: 3,
      readyReplicas: 3,
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
        condition('Ready', 'True', 'AllBrokersReady', 'All 3 brokers accept clients.'),
        condition('Reconciling', 'False', 'UpToDate', 'Everything is as the spec says.'),
        condition('Stalled', 'False', 'NoActionNeeded', 'Nobody has to do anything.'),
      ],
    });
  });

  it('withholds Ready where security is asked for, and names what else is not done', () => {
    const spec: SpecInput = {
      ...secured,
      version: 'v0.6.0',
      multiTenancy: { enabled: true },
      config: { compressionEnabled: true, maxConnections: 9 },
      observability: { tracing: { enabled: true, samplingRate: 0 }, logging: { format: 'json' } },
    };
    const status = statusOf(aCluster({ spec }), complete, fine, now);
    expect(told(status)).toEqual([
      'Accepted=True SpecAccepted',
      'Initialized=True AllBrokersReadyOnce',
      'Ready=False BrokerUnsupported',
      'Reconciling=False ActionNeeded',
      'SecurityEnforced=False BrokerUnsupported',
      'Stalled=True BrokerUnsupported',
      'TenancyEnforced=False BrokerUnsupported',
      'UnsupportedFields=True NoEffect',
    ]);
    expect(status.conditions?.find(({ type }) => type === 'UnsupportedFields')?.message).toBe(
      'These fields do nothing: spec.config.compressionEnabled, spec.config.maxConnections, ' +
        'spec.observability.logging.format, spec.observability.tracing.enabled, spec.observability.tracing.samplingRate, spec.version.',
    );
  });

  it('takes back what it said of fields that are gone from the spec', () => {
    const before = statusOf(aCluster({ spec: { ...secured, multiTenancy: { enabled: true } } }), complete, fine, now);
    expect(told(statusOf(aCluster({ status: before }), complete, fine, now))).toEqual([
      'Accepted=True SpecAccepted',
      'Initialized=True AllBrokersReadyOnce',
      'Ready=True AllBrokersReady',
      'Reconciling=False UpToDate',
      'Stalled=False NoActionNeeded',
    ]);
  });

  it('keeps addresses and size of a running cluster whose spec is refused, and counts its pods on', () => {
    const refused = aCluster({ generation: 2, spec: { replicas: 5 }, status: running.status ?? {} });
    const status = statusOf(refused, oneLost, { ...fine, refusal }, now);
    expect(status).toMatchObject({
      phase: 'Failed',
      observedGeneration: 2,
      bootstrapReplicas: 3,
      readyReplicas: 2,
      endpoints: running.status?.endpoints,
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

describe('any status', () => {
  const situations = fc.record({
    spec: fc.constantFrom<SpecInput>({}, secured, { multiTenancy: { enabled: true } }, { version: 'v1' }),
    before: fc.constantFrom(undefined, running.status),
    statefulSet: fc.constantFrom(absent, started, complete, rolling, oneLost),
    findings: fc.constantFrom<Findings>(
      fine,
      { ...fine, refusal },
      { ...fine, failures: [transient] },
      { ...fine, failures: [terminal, transient] },
      { ...fine, contests: [contest] },
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
