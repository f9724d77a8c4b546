import type { DaemonSet, Deployment, Job, KubeObject, Pod, StatefulSet } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { desiredOf, type StepObject } from '../controller/plan.ts';
import { rolledOut } from './rolled-out.ts';
import { rolloutOf } from './rollout.ts';

const meta = { name: 'a', generation: 2 };
const template = { spec: { containers: [] } };
const selector = {};

function statefulSet(status: Partial<StatefulSet['status']>, spec: Partial<StatefulSet['spec']> = {}): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta,
    spec: { replicas: 3, serviceName: 'a', selector, template, ...spec },
    status: {
      observedGeneration: 2,
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 3,
      currentRevision: 'a-1',
      updateRevision: 'a-1',
      ...status,
    },
  };
}

const updating = (updated: number, ready: number) => ({
  state: 'InProgress',
  isUpdating: true,
  updated,
  ready,
  wanted: 3,
});
const waiting = (ready: number) => ({ state: 'InProgress', isUpdating: false, ready, wanted: 3 });
const complete = { state: 'Complete', wanted: 3 };
const rolling = { updateRevision: 'a-2' };
const onDelete = { updateStrategy: { type: 'OnDelete' } } as const;
const partition = (at: number) =>
  ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: at } } }) as const;

describe('the rollout of a StatefulSet', () => {
  it.each([
    ['complete when every replica has the template and is ready', {}, {}, complete],
    [
      'updating while revisions differ, even when all are ready',
      { ...rolling, updatedReplicas: 1 },
      {},
      updating(1, 3),
    ],
    ['waiting, not updating, when a pod was deleted', { updatedReplicas: 2, readyReplicas: 2 }, {}, waiting(2)],
    ['waiting when a replica is not ready', { readyReplicas: 1 }, {}, waiting(1)],
    ['waiting right after creation', { observedGeneration: 0, readyReplicas: 0, updatedReplicas: 0 }, {}, waiting(0)],
    [
      'updating while its controller has not looked at the latest template',
      { observedGeneration: 1 },
      {},
      updating(0, 3),
    ],
    [
      'waiting until replicas have been ready for minReadySeconds',
      { availableReplicas: 1 },
      { minReadySeconds: 9 },
      waiting(1),
    ],
    ['by count under OnDelete, whose revisions never become one', rolling, onDelete, complete],
    [
      'updating under OnDelete until every pod was replaced',
      { ...rolling, updatedReplicas: 2 },
      onDelete,
      updating(2, 3),
    ],
    ['complete when all above the partition are updated', { ...rolling, updatedReplicas: 1 }, partition(2), complete],
    ['updating when one above the partition is not', { ...rolling, updatedReplicas: 1 }, partition(1), updating(1, 3)],
    [
      'waiting when one below the partition is not ready',
      { ...rolling, updatedReplicas: 1, readyReplicas: 2 },
      partition(2),
      waiting(2),
    ],
    ['complete when a partition is larger than the set', { ...rolling, updatedReplicas: 0 }, partition(9), complete],
  ])('is %s', (_title, status, spec, expected) => {
    expect(rolloutOf(statefulSet(status, spec))).toMatchObject(expected);
  });

  it('is measured by the replicas there should be, where the spec does not say that yet', () => {
    expect(rolloutOf(statefulSet({}), { wanted: 5 })).toMatchObject({ state: 'InProgress', ready: 3, wanted: 5 });
  });

  it('is complete without replicas', () => {
    const none = { replicas: 0, readyReplicas: 0, updatedReplicas: 0 };
    expect(rolloutOf(statefulSet(none, { replicas: 0 }))).toMatchObject({ state: 'Complete', wanted: 0 });
  });

  it('is absent without it, and an error where only its metadata is watched', () => {
    const { spec: _spec, status: _status, ...metadataOnly } = statefulSet({});
    expect(rolloutOf(undefined)).toEqual({ state: 'Absent' });
    expect(() => rolloutOf(metadataOnly)).toThrow(
      'StatefulSet/a is watched for its metadata only: declare ownedWithStatus(StatefulSet)',
    );
  });
});

function deployment(status: Partial<Deployment['status']>): Deployment {
  const counts = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta,
    spec: { replicas: 3, selector, template },
    status: { ...counts, ...status },
  };
}

const deadline = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'timed out',
} as const;
const quota = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' } as const;

describe('the rollout of a Deployment', () => {
  it.each([
    ['complete when every replica is updated and available', {}, complete],
    ['updating while its controller has not looked at the latest spec', { observedGeneration: 1 }, updating(0, 3)],
    ['updating while replicas of the template before are left', { replicas: 4 }, updating(3, 3)],
    ['updating while not every replica is updated', { updatedReplicas: 1 }, updating(1, 3)],
    ['waiting while replicas are not available', { availableReplicas: 1 }, waiting(1)],
    [
      'stalled past its deadline',
      { conditions: [deadline] },
      { state: 'Stalled', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
    ],
    [
      'in progress, with the reason, when pods are refused',
      { conditions: [quota] },
      { state: 'InProgress', message: 'exceeded quota' },
    ],
    [
      'measured anew after the deadline when a new spec replaced the bad one',
      { conditions: [deadline], observedGeneration: 1 },
      updating(0, 3),
    ],
  ])('is %s', (_title, status, expected) => {
    expect(rolloutOf(deployment(status))).toMatchObject(expected);
  });
});

describe('the rollout of a DaemonSet', () => {
  const counts = { desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, numberReady: 3 };
  const daemonSet = (status: Partial<DaemonSet['status']>): DaemonSet => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta,
    spec: { selector, template },
    status: { ...counts, observedGeneration: 2, updatedNumberScheduled: 3, numberAvailable: 3, ...status },
  });

  it.each([
    ['complete when every node has it', {}, complete],
    ['updating while its controller has not looked', { observedGeneration: 1 }, updating(0, 3)],
    ['updating while nodes run the template before', { updatedNumberScheduled: 1 }, updating(1, 3)],
    ['waiting while a node is not available', { numberAvailable: 2 }, waiting(2)],
    [
      'complete where no node fits',
      { desiredNumberScheduled: 0, updatedNumberScheduled: 0, numberAvailable: 0 },
      { state: 'Complete', wanted: 0 },
    ],
  ])('is %s', (_title, status, expected) => {
    expect(rolloutOf(daemonSet(status))).toMatchObject(expected);
  });
});

describe('the rollout of a Job', () => {
  const job = (status: Job['status'], spec: Partial<Job['spec']> = {}): Job => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta,
    spec: { template, ...spec },
    ...(status !== undefined && { status }),
  });
  const now = { lastTransitionTime: '2026-01-01T00:00:00Z', lastProbeTime: '2026-01-01T00:00:00Z' };
  const failed = {
    type: 'Failed',
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'too many',
    ...now,
  } as const;

  it.each([
    ['in progress before its controller has looked', undefined, {}, { state: 'InProgress', ready: 0, wanted: 1 }],
    [
      'in progress while work is left',
      { succeeded: 1 },
      { completions: 3 },
      { state: 'InProgress', message: '1 of 3 completed' },
    ],
    [
      'in progress, in words, while suspended',
      {},
      { suspend: true },
      { state: 'InProgress', message: 'the Job is suspended' },
    ],
    [
      'complete when done',
      { succeeded: 1, conditions: [{ type: 'Complete', status: 'True', ...now }] },
      {},
      { state: 'Complete' },
    ],
    [
      'stalled when it has failed',
      { conditions: [failed] },
      {},
      { state: 'Stalled', reason: 'BackoffLimitExceeded', message: 'too many' },
    ],
  ] as const)('is %s', (_title, status, spec, expected) => {
    expect(rolloutOf(job(status, spec))).toMatchObject(expected);
  });
});

describe('the rollout of a Pod', () => {
  const pod = (status: Pod['status']): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta,
    spec: { containers: [] },
    ...(status !== undefined && { status }),
  });

  it.each([
    ['waiting before it is ready', { phase: 'Pending' }, 'InProgress'],
    ['complete when ready', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, 'Complete'],
    ['complete when it has done its work', { phase: 'Succeeded' }, 'Complete'],
    ['stalled when it has failed', { phase: 'Failed', reason: 'Evicted' }, 'Stalled'],
  ] as const)('is %s', (_title, status, state) => {
    expect(rolloutOf(pod(status))).toMatchObject({ state });
  });
});

describe('the rollout of any other object', () => {
  const custom = (status?: object): KubeObject => ({
    apiVersion: 'x.test/v1',
    kind: 'Thing',
    metadata: meta,
    ...(status && { status }),
  });
  const condition = (type: string, value: string) => ({
    conditions: [{ type, status: value, reason: 'Why', message: 'because' }],
  });

  it.each([
    ['complete without a status', undefined, { state: 'Complete' }],
    [
      'updating while its controller has not looked',
      { observedGeneration: 1 },
      { state: 'InProgress', isUpdating: true },
    ],
    ['in progress while not Ready', condition('Ready', 'False'), { state: 'InProgress', message: 'because' }],
    ['in progress while Reconciling', condition('Reconciling', 'True'), { state: 'InProgress', message: 'because' }],
    ['stalled when it says so', condition('Stalled', 'True'), { state: 'Stalled', reason: 'Why', message: 'because' }],
    ['complete when Ready', { observedGeneration: 2, ...condition('Ready', 'True') }, { state: 'Complete' }],
  ])('is %s', (_title, status, expected) => {
    expect(rolloutOf(custom(status))).toMatchObject(expected);
  });
});

describe('a step that waits until its objects have rolled out', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
  const wantedSet = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'a' } };
  const waitingFor = rolledOut([config, wantedSet]);

  it.each([
    ['is ready when all have', statefulSet({}), undefined],
    [
      'names the first that does not exist',
      undefined,
      { reason: 'Absent', message: 'StatefulSet/a does not exist yet' },
    ],
    [
      'says how far the first is',
      statefulSet({ readyReplicas: 1 }),
      { reason: 'RolloutInProgress', message: 'StatefulSet/a: 1 of 3 ready' },
    ],
  ])('%s', (_title, live, expected) => {
    const read = (item: StepObject) => (desiredOf(item).kind === 'ConfigMap' ? config : live);
    expect(waitingFor(read)).toEqual(expected);
  });

  it('says why one is stalled', () => {
    const wanted = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } };
    expect(rolledOut([wanted])(() => deployment({ conditions: [deadline] }))).toEqual({
      reason: 'ProgressDeadlineExceeded',
      message: 'Deployment/a is stalled: timed out',
    });
  });
});
