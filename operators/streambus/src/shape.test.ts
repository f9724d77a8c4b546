import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from './a-cluster.fixture.ts';
import type { ReBootstrapStep } from './api/v1alpha1/status.ts';
import type { StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import type { Leadership } from './brokers/leadership.ts';
import { brokersExpected, type ShapeSight, shapeOf } from './shape.ts';

const led: Leadership = { kind: 'One', leader: 'orders-0' };
const nothing: ShapeSight = { running: undefined, serving: 0, leadership: { kind: 'None' } };
const three: ShapeSight = { running: 3, serving: 3, leadership: led };
const shape = (spec: SpecInput, status: StreamBusClusterStatus, sight: ShapeSight) =>
  shapeOf(aCluster({ spec, status }), sight);

describe('the shape of a cluster', () => {
  it('is what the spec says at its first start, and stays what it was started with', () => {
    expect([
      shape({ replicas: 5 }, {}, nothing),
      shape({ replicas: 5 }, { bootstrapReplicas: 3 }, three),
      shape({ replicas: 3 }, { bootstrapReplicas: 3 }, { ...three, running: 7 }),
    ]).toEqual([
      { replicas: 5, members: 5 },
      { replicas: 3, members: 3 },
      { replicas: 3, members: 3 },
    ]);
  });

  const at = (step: ReBootstrapStep, bootstrapReplicas: number) => ({
    bootstrapReplicas,
    reBootstrap: { from: 3, to: 5, step, startedAt: '2026-01-01T00:00:00Z' },
  });
  it.each([
    ['Stopping', at('Stopping', 3), { replicas: 0, members: 3 }],
    ['RemovingRaft', at('RemovingRaft', 3), { replicas: 0, members: 5 }],
    ['Starting', at('Starting', 5), { replicas: 5, members: 5 }],
  ])('is, while it is bootstrapped anew at step %s, that of the step', (_step, status, expected) => {
    expect(shape({ replicas: 5 }, status, three)).toEqual(expected);
  });
});

describe('the brokers that there should be', () => {
  const reBootstrap = { from: 3, to: 5, step: 'Starting', startedAt: '2026-01-01T00:00:00Z' } as const;
  const rows: readonly (readonly [string, SpecInput, StreamBusClusterStatus, number | undefined, number])[] = [
    ['none before the first start', {}, {}, undefined, 0],
    ['those of the StatefulSet while the status knows no size', {}, {}, 3, 3],
    ['those of the first start, whatever the spec says', { replicas: 5 }, { bootstrapReplicas: 3 }, 3, 3],
    ['those of the first start, when somebody has scaled them down', {}, { bootstrapReplicas: 3 }, 1, 3],
    ['those of the first start, when somebody has scaled them up', {}, { bootstrapReplicas: 3 }, 7, 3],
    [
      'none while all are to stop',
      { replicas: 5 },
      { bootstrapReplicas: 3, reBootstrap: { ...reBootstrap, step: 'Stopping' } },
      3,
      0,
    ],
    [
      'none while raft volumes go',
      { replicas: 5 },
      { bootstrapReplicas: 3, reBootstrap: { ...reBootstrap, step: 'RemovingRaft' } },
      0,
      0,
    ],
    ['the new ones when they start', { replicas: 5 }, { bootstrapReplicas: 5, reBootstrap }, 0, 5],
    ['as many as run where they can change it', { replicas: 5, raft: { membership: 'Dynamic' } }, {}, 4, 4],
  ];
  it.each(rows)('are %s', (_which, spec, status, running, expected) => {
    expect(brokersExpected(aCluster({ spec, status }), running)).toBe(expected);
  });
});

describe('the shape of a cluster whose brokers can change their membership', () => {
  const dynamic = (replicas: number): SpecInput => ({ replicas, raft: { membership: 'Dynamic' } });
  const rows: readonly (readonly [string, number, Partial<ShapeSight>, number])[] = [
    ['one broker more', 5, {}, 4],
    ['one broker less', 1, {}, 2],
    ['what it is, when it is as wanted', 3, {}, 3],
    ['what it is while a broker does not serve', 5, { serving: 2 }, 3],
    ['what it is while nobody leads', 5, { leadership: { kind: 'None' } }, 3],
    ['what it is while nobody knows who leads', 1, { leadership: { kind: 'Unknown', cause: 'Silent', why: '' } }, 3],
    ['two brokers after one, who needs no vote', 5, { running: 1, serving: 1, leadership: { kind: 'None' } }, 2],
  ];
  it.each(rows)('is %s', (_what, wanted, sight, replicas) => {
    expect(shape(dynamic(wanted), {}, { ...three, ...sight }).replicas).toBe(replicas);
  });

  it('reaches any size one broker at a time, and never while one of them does not serve', () => {
    const sizes = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(sizes, sizes, fc.array(fc.boolean(), { maxLength: 30 }), (from, to, weather) => {
        let running = from;
        for (const isFine of [...weather, ...Array.from({ length: 9 }, () => true)]) {
          const { replicas, members } = shape(
            dynamic(to),
            {},
            { running, serving: isFine ? running : 0, leadership: led },
          );
          expect(Math.abs(replicas - running)).toBeLessThanOrEqual(isFine ? 1 : 0);
          expect(members).toBeGreaterThanOrEqual(replicas);
          running = replicas;
        }
        expect(running).toBe(to);
      }),
    );
  });
});
