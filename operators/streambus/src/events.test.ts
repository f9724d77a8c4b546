import type { ChildOutcome } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from './a-cluster.fixture.ts';
import type { StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { eventsOf } from './events.ts';
import { statusOf } from './status.ts';

const now = '2026-01-01T00:00:00Z';
const cluster = aCluster({ spec: { version: 'v1', multiTenancy: { enabled: true } } });
const withReady = (readyReplicas: number, before?: StreamBusClusterStatus) => {
  const resource = before === undefined ? cluster : { ...cluster, status: before };
  return statusOf(resource, aStatefulSet(cluster, { readyReplicas }), { failures: [], contests: [] }, now);
};
const child = (name: string, action: ChildOutcome['action']): ChildOutcome => ({ child: name, action });
const starting = withReady(0);
const running = withReady(3, starting);

describe('the events of a cluster', () => {
  it('tell once what was made, how it starts, and what will not be done', () => {
    const children = [child('ConfigMap/orders-config', 'Created'), child('StatefulSet/orders', 'Created')];
    expect(eventsOf(cluster, starting, children)).toEqual([
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
        note: 'Isolation and quotas are not enforced, because the broker has no tenants: everybody shares everything.',
      },
      { type: 'Warning', reason: 'UnsupportedFields', action: 'Judge', note: 'These fields do nothing: spec.version.' },
    ]);
  });

  it('stay silent while brokers become ready one by one', () => {
    expect(eventsOf({ ...cluster, status: starting }, withReady(2, starting), [])).toEqual([]);
  });

  it('tell when all brokers are ready, and warn when one is lost', () => {
    expect([
      eventsOf({ ...cluster, status: starting }, running, []),
      eventsOf({ ...cluster, status: running }, withReady(2, running), []),
    ]).toEqual([
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
    const secured = aCluster({ spec: { security: { enabled: true } } });
    const status = statusOf(secured, undefined, { failures: [], contests: [] }, now);
    expect(eventsOf(secured, status, []).map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Warning BrokerUnsupported',
    ]);
  });

  it('leave repairs to the runtime, which tells of them itself', () => {
    expect(eventsOf({ ...cluster, status: running }, running, [child('Service/orders', 'Repaired')])).toEqual([]);
  });
});
