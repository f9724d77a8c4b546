import type { Pod } from '@capstan/kube';
import { expect, test } from 'vitest';
import { pod } from '../cluster-objects.fixture.ts';
import { podReport } from './pod-report.ts';

const owner = 'StatefulSet/orders-redis';
const waits = (reason: string, message?: string): Pod =>
  pod('p', owner, { restartCount: 2, state: { waiting: { reason, ...(message !== undefined && { message }) } } });
const running = pod('p', owner, { state: { running: {} } });

test.each<[string, Pod, object]>([
  ['a pod that serves', pod('p', owner, 'ready'), { ready: true, state: 'Ready', message: null, restarts: 0 }],
  [
    'one that is being started',
    waits('ContainerCreating'),
    { ready: false, state: 'ContainerCreating', message: null },
  ],
  [
    'one whose image is not there',
    waits('ErrImagePull', 'no such image'),
    { state: 'ErrImagePull', message: 'no such image', restarts: 2 },
  ],
  [
    'one that crashes, by how it ended',
    pod('p', owner, {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3, reason: 'Error', message: 'password=hunter2' } },
    }),
    { state: 'CrashLoopBackOff', message: 'the container ended with exit code 3' },
  ],
  [
    'one that runs and is not ready',
    { ...running, status: { ...running.status, phase: 'Running' } },
    { state: 'NotReady' },
  ],
  [
    'one that fits on no node',
    {
      ...running,
      status: {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
      },
    },
    { state: 'Unschedulable', message: '0/3 nodes', restarts: 0 },
  ],
  [
    'one that is going',
    { ...running, metadata: { ...running.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    { state: 'Terminating', message: null },
  ],
  ['one that nobody has looked at', { ...running, status: {} }, { state: 'Unknown', node: 'node-1' }],
])('%s', (_, found, expected) => {
  expect(podReport(found)).toMatchObject(expected);
});
