import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import type { ReBootstrapStep } from '../api/v1alpha1/status.ts';
import type { StreamBusCluster, StreamBusClusterStatus } from '../api/v1alpha1/stream-bus-cluster.ts';
import { advance, begin, begins, type ReBootstrap, type Remains, stepText } from './advance.ts';
import { reBootstrapAnnotation } from './opt-in.ts';

const startedAt = '2026-01-01T00:00:00Z';
const at = (step: ReBootstrapStep, to = 5): ReBootstrap => ({ from: 3, to, step, startedAt });

function cluster(replicas: number, status: StreamBusClusterStatus = {}, annotation?: string): StreamBusCluster {
  const made = aCluster({ spec: { replicas }, status });
  const annotations = annotation === undefined ? {} : { [reBootstrapAnnotation]: annotation };
  return { ...made, metadata: { ...made.metadata, annotations } };
}

describe('bootstrapping anew', () => {
  const started = { bootstrapReplicas: 3 };
  it.each([
    ['the spec asks for the size that was opted for', cluster(5, started, '5'), true],
    ['nobody has opted for it', cluster(5, started), false],
    ['another size was opted for', cluster(5, started, '7'), false],
    ['the spec does not ask for it yet', cluster(3, started, '5'), false],
    ['the cluster has not started', cluster(5, {}, '5'), false],
    ['its brokers stop', cluster(5, { ...started, reBootstrap: at('Stopping') }, '5'), false],
    ['its raft volumes go', cluster(5, { ...started, reBootstrap: at('RemovingRaft') }, '5'), false],
    [
      'its brokers start with just that size',
      cluster(5, { bootstrapReplicas: 5, reBootstrap: at('Starting') }, '5'),
      false,
    ],
    [
      'its brokers start, and yet another size was opted for',
      cluster(7, { bootstrapReplicas: 5, reBootstrap: at('Starting') }, '7'),
      true,
    ],
    [
      'its brokers start, and the size before was opted for',
      cluster(3, { bootstrapReplicas: 5, reBootstrap: at('Starting') }, '3'),
      true,
    ],
  ])('when %s', (_when, resource, expected) => {
    expect(begins(resource)).toBe(expected);
  });

  it('is not for brokers that can change their membership', () => {
    const dynamic = cluster(5, started, '5');
    expect(begins({ ...dynamic, spec: { ...dynamic.spec, raft: { membership: 'Dynamic' } } })).toBe(false);
  });

  it('begins again from the size that its brokers start with', () => {
    const starting = cluster(7, { bootstrapReplicas: 5, reBootstrap: at('Starting') }, '7');
    expect(begin(starting, startedAt)).toEqual({
      bootstrapReplicas: 5,
      reBootstrap: { ...at('Stopping', 7), from: 5 },
    });
  });

  it('begins with its first step in the status, and the size as it was', () => {
    expect(begin(cluster(5, started, '5'), startedAt)).toEqual({ bootstrapReplicas: 3, reBootstrap: at('Stopping') });
  });
});

const running: Remains = { isStopped: false, raftClaims: 3, isServing: false };
const stopped: Remains = { ...running, isStopped: true };
const emptied: Remains = { ...stopped, raftClaims: 0 };

describe('the next step', () => {
  const rows: readonly (readonly [string, number, ReBootstrap, Remains, object])[] = [
    [
      'waits for the brokers to stop',
      5,
      at('Stopping'),
      running,
      { bootstrapReplicas: 3, reBootstrap: at('Stopping') },
    ],
    [
      'removes raft volumes once they have stopped',
      5,
      at('Stopping'),
      stopped,
      { bootstrapReplicas: 3, reBootstrap: at('RemovingRaft') },
    ],
    ['goes back where the spec does, while nothing is lost', 3, at('Stopping'), running, { bootstrapReplicas: 3 }],
    ['goes back also when all brokers have stopped', 3, at('Stopping'), stopped, { bootstrapReplicas: 3 }],
    [
      'follows the spec to a third size',
      7,
      at('Stopping'),
      stopped,
      { bootstrapReplicas: 3, reBootstrap: at('RemovingRaft', 7) },
    ],
    [
      'waits for the claims to be gone',
      5,
      at('RemovingRaft'),
      stopped,
      { bootstrapReplicas: 3, reBootstrap: at('RemovingRaft') },
    ],
    [
      'does not believe that claims are gone while a broker may run',
      5,
      at('RemovingRaft'),
      { ...emptied, isStopped: false },
      { bootstrapReplicas: 3, reBootstrap: at('RemovingRaft') },
    ],
    [
      'starts the new brokers when the claims are gone',
      5,
      at('RemovingRaft'),
      emptied,
      { bootstrapReplicas: 5, reBootstrap: at('Starting') },
    ],
    [
      'starts as many as the spec says by then',
      3,
      at('RemovingRaft'),
      emptied,
      { bootstrapReplicas: 3, reBootstrap: at('Starting', 3) },
    ],
    [
      'waits for the new brokers to serve',
      5,
      at('Starting'),
      { ...emptied, isStopped: false },
      { bootstrapReplicas: 5, reBootstrap: at('Starting') },
    ],
    ['is none when they serve', 5, at('Starting'), { ...running, isServing: true }, { bootstrapReplicas: 5 }],
    [
      'never turns back once new brokers start',
      3,
      at('Starting'),
      stopped,
      { bootstrapReplicas: 5, reBootstrap: at('Starting') },
    ],
  ];
  it.each(rows)('%s', (_what, replicas, before, remains, expected) => {
    expect(advance(cluster(replicas, { bootstrapReplicas: 3, reBootstrap: before }), before, remains)).toEqual(
      expected,
    );
  });

  it.each([
    ['Stopping', 'Bootstrapping anew from 3 to 5 brokers: the brokers stop. Set spec.replicas back to 3 to go back.'],
    [
      'RemovingRaft',
      'Bootstrapping anew from 3 to 5 brokers: the raft volumes are removed; volumes with messages stay.',
    ],
    ['Starting', 'Bootstrapping anew from 3 to 5 brokers: the brokers start.'],
  ] as const)('is told in words: %s', (step, text) => {
    expect(stepText(at(step))).toBe(text);
  });
});
