import { describe, expect, it } from 'vitest';
import { aCluster, aPod, fine, somePods } from '../a-cluster.fixture.ts';
import type { StreamBusClusterStatus } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from '../judge/guard.ts';
import { recheckAfter, recheckRefusal } from './recheck.ts';
import type { Findings } from './situation.ts';

const now = '2026-01-01T00:00:00Z';
const cluster = aCluster();
const settled: StreamBusClusterStatus = { bootstrapReplicas: 3 };
const reBootstrap = { from: 3, to: 5, step: 'Stopping', startedAt: now } as const;
const starting = { ...reBootstrap, step: 'Starting' } as const;
const tenancy = { enforced: [], notEnforced: [] };
const leader: Findings['decision'] = { restart: { kind: 'Wait', on: 'Leader', why: 'no broker says that it leads' } };
const pods: Findings['decision'] = { restart: { kind: 'Wait', on: 'Pods', why: 'orders-2 must be ready first' } };
const inMs = (ms: number) => Date.parse(now) + ms;

function again(findings: Partial<Findings>, status = settled, resource = cluster) {
  return recheckAfter(resource, status, { ...fine, ...findings }, now).recheckAfterMs;
}

describe('a cluster is looked at again', () => {
  const dynamic = aCluster({ spec: { replicas: 5, raft: { membership: 'Dynamic' } } });
  const startingOn = again(
    {},
    { ...settled, reBootstrap: starting },
    aCluster({ status: { ...settled, reBootstrap: starting } }),
  );
  const rows: readonly (readonly [string, number | undefined, ReturnType<typeof again>])[] = [
    ['never without an event, where all is well', undefined, again({ pods: somePods(3) })],
    ['soon while it is bootstrapped anew', 1_000, again({}, { ...settled, reBootstrap })],
    ['soon after it was', 1_000, again({}, settled, aCluster({ status: { ...settled, reBootstrap } }))],
    ['now and then while brokers of another size start, which takes them an election', 5_000, startingOn],
    ['soon once they have begun to', 1_000, again({}, { ...settled, reBootstrap: starting })],
    ['after an election while brokers are added one at a time', 5_000, again({}, settled, dynamic)],
    ['never for that when all are there', undefined, again({}, { bootstrapReplicas: 5 }, dynamic)],
    ['after an election while a roll-out waits for a leader', 5_000, again({ decision: leader })],
    ['at an event while a roll-out waits for pods that come by themselves', undefined, again({ decision: pods })],
    ['now and then while a pod is late', 15_000, again({ pods: [aPod(0, { isReady: false })] })],
    ['while nobody knows of the tenant API', 30_000, again({ tenancy, isTenantApiUnknown: true })],
    ['never for that without tenants', undefined, again({ isTenantApiUnknown: true })],
    ['when a certificate has ended', 61_000, again({ certificatesEnd: inMs(60_000) })],
    ['once a day while that is far away', 86_400_000, again({ certificatesEnd: inMs(10 * 86_400_000) })],
    ['never for one that has ended', undefined, again({ certificatesEnd: inMs(0) })],
    ['at the first of several times', 5_000, again({ decision: leader, certificatesEnd: inMs(60_000) })],
  ];
  it.each(rows)('%s', (_when, expected, ms) => {
    expect(ms).toBe(expected);
  });
});

describe('a cluster whose spec is refused', () => {
  it('is looked at again only for raft volumes that somebody may delete: nothing tells of that', () => {
    const ms = (reason: Refusal['reason']) => recheckRefusal({ reason, message: 'no' });
    expect([ms('RaftVolumesRemain'), ms('SpecInvalid'), ms('ReplicasChangeRefused')]).toEqual([
      { recheckAfterMs: 15_000 },
      {},
      {},
    ]);
  });
});
