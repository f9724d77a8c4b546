import type { StatefulSet } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from '../a-cluster.fixture.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

describe('the progress of the brokers', () => {
  const rows: readonly (readonly [string, Partial<StatefulSet['status']>, Rollout])[] = [
    ['complete when every broker has the template and is ready', {}, { state: 'Complete' }],
    [
      'rolling while revisions differ, even when all are ready',
      { updateRevision: 'orders-2', updatedReplicas: 1 },
      { state: 'Rolling', updated: 1, ready: 3 },
    ],
    [
      'waiting, not rolling, when a broker was deleted',
      { updatedReplicas: 2, readyReplicas: 2 },
      { state: 'Waiting', ready: 2 },
    ],
    ['waiting when a broker does not accept clients', { readyReplicas: 1 }, { state: 'Waiting', ready: 1 }],
    [
      'waiting right after creation',
      { observedGeneration: 0, replicas: 0, readyReplicas: 0, updatedReplicas: 0 },
      { state: 'Waiting', ready: 0 },
    ],
  ];
  it.each(rows)('is %s', (_title, status, expected) => {
    expect(rolloutOf(aStatefulSet(aCluster(), status), 3)).toEqual(expected);
  });

  it('is rolling while the StatefulSet controller has not looked at the latest template', () => {
    const statefulSet = aStatefulSet(aCluster());
    const edited = { ...statefulSet, metadata: { ...statefulSet.metadata, generation: 2 } };
    expect(rolloutOf(edited, 3)).toEqual({ state: 'Rolling', updated: 0, ready: 3 });
  });

  it('is absent without a StatefulSet, and waits for one that has no status yet', () => {
    const { status: _none, ...fresh } = aStatefulSet(aCluster());
    expect([rolloutOf(undefined, 3), rolloutOf(fresh, 3)]).toEqual([
      { state: 'Absent' },
      { state: 'Waiting', ready: 0 },
    ]);
  });
});
