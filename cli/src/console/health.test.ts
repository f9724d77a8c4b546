import type { KubeObject, ObjectMeta } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import { healthOf } from './health.ts';

function object(apiVersion: string, kind: string, rest: object = {}, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'a', namespace: 'n', generation: 2, ...metadata }, ...rest };
}

const condition = (type: string, status: string, reason = 'Because', message = 'It is so.', more: object = {}) => ({
  ...{ type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z', ...more },
});

const custom = (conditions: readonly object[], metadata: Partial<ObjectMeta> = {}, observedGeneration = 2) =>
  object('shop.dev/v1', 'Shop', { spec: {}, status: { conditions, observedGeneration } }, metadata);

describe('a custom resource', () => {
  test.each([
    ['without a status', object('shop.dev/v1', 'Shop', { spec: {} }), 'unknown', 'No operator has looked at it yet'],
    ['Ready', custom([condition('Ready', 'True', 'Fine', 'All runs.')]), 'healthy', 'Ready: All runs.'],
    [
      'Ready and still at work',
      custom([condition('Ready', 'True'), condition('Reconciling', 'True', 'RollingUpdate', '1 of 3.')]),
      'progressing',
      'Ready, still at work, RollingUpdate: 1 of 3.',
    ],
    [
      'not Ready',
      custom([condition('Ready', 'False', 'Waiting', 'For redis.')]),
      'progressing',
      'Not ready, Waiting: For redis.',
    ],
    ['of which Ready is unknown', custom([condition('Ready', 'Unknown', 'Lost', '')]), 'unknown', 'Unknown, Lost'],
    [
      'Stalled, whatever else is said',
      custom([
        condition('Ready', 'True'),
        condition('Reconciling', 'True'),
        condition('Stalled', 'True', 'Refused', 'No.'),
      ]),
      'failing',
      'Stalled, Refused: No.',
    ],
    [
      'Ready of an earlier generation',
      custom([condition('Ready', 'True')], { generation: 3 }),
      'progressing',
      'The operator has not carried out generation 3 yet',
    ],
    [
      'Stalled for this generation, though it is not carried out',
      custom([condition('Stalled', 'True', 'Refused', 'No.', { observedGeneration: 3 })], { generation: 3 }),
      'failing',
      'Stalled, Refused: No.',
    ],
    [
      'paused',
      custom([condition('Ready', 'True', 'Fine', 'All runs.')], { annotations: { 'shop.dev/paused': 'true' } }),
      'paused',
      'Paused by the annotation shop.dev/paused; Ready: All runs.',
    ],
    [
      'not paused',
      custom([condition('Ready', 'True', 'Fine', '')], { annotations: { 'shop.dev/paused': 'false' } }),
      'healthy',
      'Ready',
    ],
    [
      'being deleted',
      custom([condition('Ready', 'True')], {
        deletionTimestamp: '2026-01-01T10:20:30Z',
        finalizers: ['shop.dev/cleanup', 'other'],
      }),
      'deleting',
      'Being deleted since 2026-01-01 10:20 UTC; held by the finalizers shop.dev/cleanup, other',
    ],
  ])('%s', (_what, shop, health, told) => {
    expect(healthOf(shop, true)).toEqual({ health, told });
  });
});

const set = (spec: object, status: object) =>
  object('apps/v1', 'StatefulSet', {
    spec,
    status: { observedGeneration: 2, currentRevision: 'a', updateRevision: 'a', ...status },
  });
const deployment = (spec: object, status: object) =>
  object('apps/v1', 'Deployment', { spec, status: { observedGeneration: 2, ...status } });
const pod = (status: object, metadata: Partial<ObjectMeta> = {}) =>
  object('v1', 'Pod', { spec: { containers: [{ name: 'c' }], nodeName: 'node-1' }, status }, metadata);
const waiting = (reason: string, restartCount = 0) => ({
  ...{
    name: 'c',
    ready: false,
    restartCount,
    image: '',
    imageID: '',
    state: { waiting: { reason, message: 'no such image' } },
  },
});
const isReady = (status: 'True' | 'False') => [condition('Ready', status)];
const hpa = (conditions: readonly object[]) =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { minReplicas: 2, maxReplicas: 5 },
    status: { currentReplicas: 2, conditions },
  });

describe('what operators own', () => {
  test.each([
    ['a StatefulSet that runs', set({ replicas: 3 }, { readyReplicas: 3, updatedReplicas: 3 }), 'healthy', '3/3 ready'],
    [
      'one that waits for pods',
      set({ replicas: 3 }, { readyReplicas: 2, updatedReplicas: 3 }),
      'progressing',
      '2/3 ready',
    ],
    [
      'one that rolls out',
      set({ replicas: 3 }, { readyReplicas: 2, updatedReplicas: 1, updateRevision: 'b' }),
      'progressing',
      '2/3 ready, 1/3 updated',
    ],
    ['one without pods, on purpose', set({ replicas: 0 }, {}), 'healthy', 'scaled to zero'],
    [
      'a Deployment that runs',
      deployment({ replicas: 2 }, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
      'healthy',
      '2/2 ready',
    ],
    [
      'a Deployment that gave up',
      deployment(
        { replicas: 2 },
        {
          replicas: 2,
          updatedReplicas: 2,
          conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'Too long.')],
        },
      ),
      'failing',
      '0/2 ready: ProgressDeadlineExceeded: Too long.',
    ],
    [
      'a Deployment that is paused',
      deployment({ replicas: 2, paused: true }, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
      'paused',
      '2/2 ready, paused',
    ],
    [
      'a ReplicaSet',
      object('apps/v1', 'ReplicaSet', { spec: { replicas: 2 }, status: { readyReplicas: 1 } }),
      'progressing',
      '1/2 ready',
    ],
    [
      'a former ReplicaSet',
      object('apps/v1', 'ReplicaSet', { spec: { replicas: 0 }, status: {} }),
      'healthy',
      'scaled to zero',
    ],
    [
      'a Job that is done',
      object('batch/v1', 'Job', {
        spec: { completions: 1 },
        status: { succeeded: 1, conditions: [condition('Complete', 'True')] },
      }),
      'healthy',
      'Complete, 1/1',
    ],
    [
      'a Job that failed',
      object('batch/v1', 'Job', {
        spec: {},
        status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'No.')] },
      }),
      'failing',
      'BackoffLimitExceeded: No.',
    ],
    [
      'a Job that is suspended',
      object('batch/v1', 'Job', { spec: { suspend: true }, status: {} }),
      'paused',
      'the Job is suspended',
    ],
    [
      'a pod that runs',
      pod({
        phase: 'Running',
        conditions: isReady('True'),
        containerStatuses: [{ name: 'c', ready: true, restartCount: 0 }],
      }),
      'healthy',
      '1/1 ready, on node-1',
    ],
    [
      'a pod that starts',
      pod({ phase: 'Pending', conditions: isReady('False'), containerStatuses: [waiting('ContainerCreating')] }),
      'progressing',
      '0/1 ready: ContainerCreating',
    ],
    ['a pod that nobody has looked at', pod({ phase: 'Pending' }), 'progressing', '0/1 ready: Pending'],
    [
      'a pod without its image',
      pod({ phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] }),
      'failing',
      'ImagePullBackOff: no such image',
    ],
    [
      'a pod that crashes',
      pod({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', 14)] }),
      'failing',
      'CrashLoopBackOff: no such image, 14 restarts',
    ],
    ['a pod that is done', pod({ phase: 'Succeeded' }), 'healthy', 'Completed'],
    [
      'a pod that goes',
      pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T10:20:30Z' }),
      'deleting',
      'Being deleted since 2026-01-01 10:20 UTC',
    ],
    [
      'a claim with a volume',
      object('v1', 'PersistentVolumeClaim', { spec: {}, status: { phase: 'Bound', capacity: { storage: '10Gi' } } }),
      'healthy',
      'Bound, 10Gi',
    ],
    [
      'a claim without one',
      object('v1', 'PersistentVolumeClaim', {
        spec: { resources: { requests: { storage: '5Gi' } } },
        status: { phase: 'Pending' },
      }),
      'progressing',
      'Pending, 5Gi: no volume yet',
    ],
    [
      'a claim that lost it',
      object('v1', 'PersistentVolumeClaim', { spec: {}, status: { phase: 'Lost' } }),
      'failing',
      'Lost: its volume is gone',
    ],
    ['an autoscaler', hpa([condition('ScalingActive', 'True')]), 'healthy', '2 to 5 pods, 2 now'],
    [
      'an autoscaler without metrics',
      hpa([condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics')]),
      'progressing',
      '2 to 5 pods, 2 now: no metrics',
    ],
    [
      'a budget',
      object('policy/v1', 'PodDisruptionBudget', { spec: {}, status: { disruptionsAllowed: 1 } }),
      'healthy',
      '1 disruption allowed',
    ],
    [
      'an ingress',
      object('networking.k8s.io/v1', 'Ingress', {
        spec: { rules: [{ host: 'a.dev' }] },
        status: { loadBalancer: { ingress: [{ ip: '10.0.0.7' }] } },
      }),
      'healthy',
      'a.dev, at 10.0.0.7',
    ],
    ['something that only is there', object('v1', 'ConfigMap'), 'healthy', ''],
    ['a workload of which only metadata is known', object('apps/v1', 'StatefulSet'), 'healthy', ''],
    [
      'something of another operator that is not ready',
      object('cert-manager.io/v1', 'Certificate', {
        spec: {},
        status: { conditions: [condition('Ready', 'False', 'Issuing', 'Soon.')] },
      }),
      'progressing',
      'Not ready, Issuing: Soon.',
    ],
    [
      'something of another operator without conditions',
      object('a.dev/v1', 'A', { spec: {}, status: { conditions: 'none' } }),
      'healthy',
      '',
    ],
  ])('%s', (_what, child, health, told) => {
    expect(healthOf(child, false)).toEqual({ health, told });
  });
});
