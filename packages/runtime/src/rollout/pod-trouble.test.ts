import type { ContainerStatus, Pod } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { podsTrouble } from './pod-trouble.ts';

function pod(name: string, status: Partial<Pod['status']>, metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [] },
    status: { ...status },
  };
}

function container(state: Partial<ContainerStatus>): ContainerStatus {
  return { name: 'main', image: 'x', imageID: '', ready: false, restartCount: 0, ...state };
}

const waiting = (reason: string, message?: string) => ({ state: { waiting: { reason, ...(message && { message }) } } });
const ended = (exitCode: number, reason: string) => ({
  terminated: { exitCode, reason, message: 'last words of a log: secret' },
});

describe('what keeps a container from running', () => {
  it.each([
    [
      'a crash',
      { ...waiting('CrashLoopBackOff'), lastState: ended(1, 'Error'), restartCount: 4 },
      'CrashLoopBackOff',
      'the container ended with exit code 1',
      4,
    ],
    [
      'a crash for want of memory',
      { ...waiting('CrashLoopBackOff'), lastState: ended(137, 'OOMKilled'), restartCount: 2 },
      'OOMKilled',
      'the container ended with exit code 137, killed at its memory limit',
      2,
    ],
    ['an image that cannot be pulled', waiting('ImagePullBackOff', 'not found'), 'ImagePullBackOff', 'not found', 0],
    [
      'configuration that is missing',
      waiting('CreateContainerConfigError', 'secret "a" not found'),
      'CreateContainerConfigError',
      'secret "a" not found',
      0,
    ],
    ['an end with an error', { state: ended(2, 'Error') }, 'Error', 'the container ended with exit code 2', 0],
    [
      'a kill for want of memory while it starts again',
      { state: { running: {} }, lastState: ended(137, 'OOMKilled'), restartCount: 1 },
      'OOMKilled',
      'the container ended with exit code 137, killed at its memory limit',
      1,
    ],
  ])('%s is told, without the end of its log', (_title, status, reason, message, restarts) => {
    const found = podsTrouble([pod('a', { containerStatuses: [container(status)] })]);
    expect(found).toEqual([{ pod: 'a', container: 'main', reason, message, restarts }]);
  });

  it.each([
    ['is being created', waiting('ContainerCreating')],
    ['waits for init containers', waiting('PodInitializing')],
    ['runs again after a kill', { ready: true, state: { running: {} }, lastState: ended(137, 'OOMKilled') }],
    ['has done its work', { state: ended(0, 'Completed') }],
  ])('nothing is told of a container that %s', (_title, status) => {
    expect(podsTrouble([pod('a', { containerStatuses: [container(status)] })])).toEqual([]);
  });

  it('is looked for in init containers too', () => {
    const status = container(waiting('CrashLoopBackOff'));
    expect(podsTrouble([pod('a', { initContainerStatuses: [status] })])).toMatchObject([
      { reason: 'CrashLoopBackOff' },
    ]);
  });
});

describe('what keeps a pod from running', () => {
  const unschedulable = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/1 nodes fit',
  } as const;
  it.each([
    ['a pod that fits on no node', { conditions: [unschedulable] }, 'Unschedulable', '0/1 nodes fit'],
    ['an eviction', { phase: 'Failed', reason: 'Evicted', message: 'low on disk' }, 'Evicted', 'low on disk'],
  ] as const)('%s is told', (_title, status, reason, message) => {
    expect(podsTrouble([pod('a', status)])).toEqual([{ pod: 'a', reason, message, restarts: 0 }]);
  });

  it('is sorted by pod, and nothing is told of a pod that is leaving', () => {
    const failed = { phase: 'Failed' } as const;
    const leaving = pod('c', failed, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(podsTrouble([pod('b', failed), leaving, pod('a', failed)]).map(({ pod: name }) => name)).toEqual(['a', 'b']);
  });
});
