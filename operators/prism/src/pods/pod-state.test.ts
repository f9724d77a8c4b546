import type { Pod } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { isStuck, podStateOf, podText } from './pod-state.ts';
import { clusterOfPod, leanPod } from './watched-pods.ts';

function aRunningPod(status: Partial<NonNullable<Pod['status']>> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'orders-redis-0',
      namespace: 'shop',
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: { 'prism.io/config-hash': 'x' },
      labels: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'redis', team: 'a' },
    },
    spec: { containers: [{ name: 'redis', image: 'redis:7-alpine' }] },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  };
}

const waiting = (reason: string, message = ''): Pod['status'] => ({
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:00:10Z' }],
  containerStatuses: [
    {
      ...{ name: 'redis', image: '', imageID: '', ready: false, restartCount: 3 },
      state: { waiting: { reason, message } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    },
  ],
});

const unschedulable: Pod['status'] = {
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: 'pod has unbound immediate PersistentVolumeClaims',
    },
  ],
};

describe('what is kept of a pod', () => {
  it.each([{}, waiting('CrashLoopBackOff'), unschedulable])('says the same of it as all of it: %o', (status) => {
    const pod = aRunningPod(status);
    expect(podStateOf(leanPod(pod))).toEqual(podStateOf(pod));
  });

  it('is neither its spec nor what others wrote on it', () => {
    const kept = JSON.stringify(leanPod(aRunningPod()));
    expect(['redis:7-alpine', 'config-hash', 'team'].filter((text) => kept.includes(text))).toEqual([]);
  });

  it('names its cluster', () => {
    expect(clusterOfPod(leanPod(aRunningPod()))).toEqual([{ namespace: 'shop', name: 'orders' }]);
  });
});

describe('a pod', () => {
  it.each([
    [
      waiting('CrashLoopBackOff'),
      'orders-redis-0: CrashLoopBackOff of container redis, the container ended with exit code 1',
    ],
    [waiting('ErrImagePull'), 'orders-redis-0: ImagePullBackOff, the image of container redis cannot be pulled'],
    [waiting('ImagePullBackOff'), 'orders-redis-0: ImagePullBackOff, the image of container redis cannot be pulled'],
    [unschedulable, 'orders-redis-0: Unschedulable, pod has unbound immediate PersistentVolumeClaims'],
    [{ conditions: [] }, 'orders-redis-0 is not ready'],
  ])('says why it is not ready', (status, text) => {
    expect(podText(podStateOf(aRunningPod(status)))).toBe(text);
  });

  const soon = '2026-01-01T00:01:00Z';
  const late = '2026-01-01T00:03:10Z';
  it.each([
    ['that is ready is not stuck', {}, late, false],
    ['that crashes is not stuck at once', waiting('CrashLoopBackOff'), soon, false],
    ['that crashes is stuck after three minutes', waiting('CrashLoopBackOff'), late, true],
    ['whose image cannot be pulled is stuck at once', waiting('ImagePullBackOff'), soon, true],
    ['whose Secret is missing is stuck at once', waiting('CreateContainerConfigError'), soon, true],
    ['that waits for a volume is not stuck at once', unschedulable, soon, false],
    ['that waits for a volume is stuck after three minutes', unschedulable, late, true],
  ] as const)('%s', (_title, status, now, expected) => {
    expect(isStuck(podStateOf(aRunningPod(status)), now)).toBe(expected);
  });
});
