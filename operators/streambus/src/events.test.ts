import type { ChildOutcome } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet, fine, somePods } from './a-cluster.fixture.ts';
import type { ReBootstrapStep } from './api/v1alpha1/status.ts';
import type { StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { eventsOf } from './events.ts';
import { reBootstrapAnnotation } from './rebootstrap/opt-in.ts';
import type { Decision } from './rollout/rollout.ts';
import type { Cure } from './rollout/stale-leader.ts';
import { statusOf } from './status.ts';

const now = '2026-01-01T00:00:00Z';
const cluster = aCluster({ spec: { version: 'v1', multiTenancy: { enabled: true } } });
const tenancy = { enforced: [], notEnforced: ['maxTopics: the brokers have no tenant API'] };
const withReady = (readyReplicas: number, before?: StreamBusClusterStatus) => {
  const resource = before === undefined ? cluster : { ...cluster, status: before };
  return statusOf(resource, aStatefulSet(cluster, { readyReplicas }), { ...fine, tenancy }, now);
};
const child = (name: string, action: ChildOutcome['action']): ChildOutcome => ({ child: name, action });
const starting = withReady(0);
const running = withReady(3, starting);

/** What is told of a change from one status to another. */
function told(before: StreamBusClusterStatus | undefined, after: StreamBusClusterStatus, findings = fine) {
  return eventsOf({ ...cluster, ...(before !== undefined && { status: before }) }, after, findings);
}

describe('the events of a cluster', () => {
  it('tell once what was made, how it starts, and what will not be done', () => {
    const children = [child('ConfigMap/orders-config', 'Created'), child('StatefulSet/orders', 'Created')];
    expect(told(undefined, starting, { ...fine, children })).toEqual([
      {
        type: 'Normal',
        reason: 'Created',
        action: 'Apply',
        note: 'Created ConfigMap/orders-config, StatefulSet/orders',
      },
      {
        type: 'Normal',
        reason: 'Starting',
        action: 'Reconcile',
        note: 'Ready brokers: 0 of 3. A broker accepts clients once a quorum has elected a leader; if that takes more than a minute, look at the pods.',
      },
      {
        type: 'Warning',
        reason: 'TenancyNotEnforced',
        action: 'Judge',
        note: 'Nothing is enforced. Not enforced: maxTopics: the brokers have no tenant API.',
      },
      { type: 'Warning', reason: 'UnsupportedFields', action: 'Judge', note: 'These fields do nothing: spec.version.' },
    ]);
  });

  it('stay silent while brokers become ready one by one', () => {
    expect(told(starting, withReady(2, starting))).toEqual([]);
  });

  it('tell when all brokers are ready, and warn when one is lost', () => {
    expect([told(starting, running), told(running, withReady(2, running))]).toEqual([
      [{ type: 'Normal', reason: 'AllBrokersReady', action: 'Reconcile', note: 'All 3 brokers accept clients.' }],
      [
        {
          type: 'Warning',
          reason: 'BrokersUnavailable',
          action: 'Reconcile',
          note: 'Ready brokers: 2 of 3. Look at the pods that are not.',
        },
      ],
    ]);
  });

  it('warn from the start of what a person has to decide', () => {
    const tokens = aCluster({ spec: { security: { authentication: { enabled: true, method: 'jwt' } } } });
    const status = statusOf(tokens, undefined, fine, now);
    expect(eventsOf(tokens, status, fine).map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Warning NotEnforced',
    ]);
  });

  it('leave repairs to the runtime, which tells of them itself', () => {
    const children = [child('Service/orders', 'Repaired')];
    expect(told(running, running, { ...fine, children })).toEqual([]);
  });
});

describe('the events of a roll-out', () => {
  const [zero, , two] = somePods(3);

  it('tell which broker is restarted', () => {
    const decision = { restart: { kind: 'Replace', pods: two === undefined ? [] : [two] } } as const;
    expect(told(running, running, { ...fine, decision })).toEqual([
      {
        type: 'Normal',
        reason: 'BrokerRestarting',
        action: 'Rollout',
        note: 'Restarting orders-2 with the present spec',
      },
    ]);
  });

  it('warn of a leader that is replaced, and not of one that is spared', () => {
    if (zero === undefined || two === undefined) throw new Error('there are three pods');
    const of = (cure: Cure) => {
      const decision: Decision = { restart: { kind: 'Done' }, lockOut: { leader: zero, stuck: two, cure } };
      return told(running, running, { ...fine, decision });
    };
    expect([of({ kind: 'Replace' }), of({ kind: 'Spared', why: 'no' })]).toEqual([
      [
        {
          type: 'Warning',
          reason: 'LeaderReplaced',
          action: 'Rollout',
          note: 'orders-2 runs and cannot join while orders-0 leads: orders-0 is replaced',
        },
      ],
      [],
    ]);
  });
});

describe('the events of a cluster that is bootstrapped anew', () => {
  const at = (step: ReBootstrapStep): StreamBusClusterStatus => ({
    ...running,
    reBootstrap: { from: 3, to: 5, step, startedAt: now },
  });
  const words = (before: StreamBusClusterStatus, after: StreamBusClusterStatus) =>
    told(before, after).map(({ type, reason, note }) => `${type} ${reason}: ${note}`);

  it('tell of every step once', () => {
    expect([words(running, at('Stopping')), words(at('Stopping'), at('Stopping'))]).toEqual([
      [
        'Warning ReBootstrapping: Bootstrapping anew from 3 to 5 brokers: the brokers stop. Set spec.replicas back to 3 to go back.',
      ],
      [],
    ]);
    expect(words(at('Stopping'), at('RemovingRaft'))).toHaveLength(1);
    expect(words(at('RemovingRaft'), at('Starting'))).toHaveLength(1);
  });

  it('tell whether it ended or was called off', () => {
    expect([words(at('Starting'), running), words(at('Stopping'), running)]).toEqual([
      ['Normal ReBootstrapped: Bootstrapped anew with 5 brokers'],
      ['Normal ReBootstrapCancelled: Not bootstrapped anew: 3 brokers as before'],
    ]);
  });

  it('warn of what it would cost, as soon as its user has opted for it', () => {
    const opted = { ...cluster, metadata: { ...cluster.metadata, annotations: { [reBootstrapAnnotation]: '5' } } };
    const findings = { ...fine, tenancy };
    const after = statusOf({ ...opted, status: running }, aStatefulSet(cluster), findings, now);
    const reasons = eventsOf({ ...opted, status: running }, after, findings).map(
      ({ type, reason }) => `${type} ${reason}`,
    );
    expect(reasons).toEqual(['Warning ReBootstrapOffered']);
  });
});
