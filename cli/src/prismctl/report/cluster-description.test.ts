import { describe, expect, test } from 'vitest';
import {
  conditions,
  deployment,
  event,
  now,
  objects,
  pod,
  someCluster,
  statefulSet,
} from '../cluster-objects.fixture.ts';
import type { ClusterObjects } from '../cluster-objects.ts';
import { describeLines } from '../text/describe-text.ts';
import { clusterDescription } from './cluster-description.ts';

const waiting = (reason: string) => ({ state: { waiting: { reason, message: 'because' } } });
const redis = statefulSet('redis', 'backend', 0);

function notReady(reason: string, rest: Partial<ClusterObjects> = {}): ClusterObjects {
  const cluster = someCluster({ phase: 'Degraded', conditions: conditions(['Ready', 'False', reason, 'it says why']) });
  return objects({ cluster, workloads: [redis], ...rest });
}

describe('what to do next', () => {
  test.each<[string, ClusterObjects, readonly RegExp[]]>([
    [
      'a refused spec is corrected',
      notReady('SpecInvalid'),
      [/^Correct the spec, .*: kubectl edit prismcluster orders -n shop$/],
    ],
    ['a change that cannot be made is taken back', notReady('StorageChangeRefused'), [/^Set the field back/]],
    ['a missing Secret is created', notReady('SecretMissing'), [/^Create or mend the Secret .* namespace shop/]],
    ['nothing is done about work under way', notReady('Starting'), [/^Wait: .* status orders -n shop --watch/]],
    [
      'a pod that needs help is not waited for',
      notReady('Starting', { pods: [pod('orders-redis-0', 'StatefulSet/orders-redis', waiting('ErrImagePull'))] }),
      [/^See that the image exists, .*: kubectl describe pod orders-redis-0 -n shop$/],
    ],
    [
      'a crash is read about in the log',
      notReady('PodStuck', { pods: [pod('orders-redis-0', 'StatefulSet/orders-redis', waiting('CrashLoopBackOff'))] }),
      [/^Read why it ended: kubectl logs --previous orders-redis-0 -n shop$/],
    ],
    ['one pod stands for all of a workload', twoStuckProxies(), [/orders-prism-proxy-5d-a/]],
    ['an unknown reason has no advice of ours', notReady('Whatever'), []],
  ])('%s', (_, found, expected) => {
    const steps = clusterDescription(found).nextSteps;
    expect(steps).toHaveLength(expected.length);
    for (const [index, step] of expected.entries()) expect(steps[index]).toMatch(step);
  });
});

function twoStuckProxies(): ClusterObjects {
  const owner = 'ReplicaSet/orders-prism-proxy-5d';
  return notReady('PodStuck', {
    workloads: [deployment('prism-proxy', 'proxy', 2, 0)],
    pods: ['b', 'a'].map((suffix) => pod(`orders-prism-proxy-5d-${suffix}`, owner, waiting('ImagePullBackOff'))),
  });
}

describe('what holds it back', () => {
  test.each<[string, ReturnType<typeof someCluster>, readonly RegExp[]]>([
    ['nothing, when it is Ready', someCluster({ conditions: conditions(['Ready', 'True', 'AllReady', 'fine']) }), []],
    [
      'an operator that has not seen the last change',
      someCluster({ observedGeneration: 1 }),
      [/not carried out the last change yet: .* prism-operator runs/],
    ],
    [
      'a pause',
      someCluster({ conditions: conditions(['Paused', 'True', 'Paused', 'by annotation']) }),
      [/^Paused: by annotation$/],
    ],
    [
      'a deletion, and who holds it',
      someCluster({}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x.dev/keep'] }),
      [/^It is being deleted since .*, held by x\.dev\/keep\.$/],
    ],
  ])('%s', (_, cluster, expected) => {
    const { holdUps } = clusterDescription(objects({ cluster }));
    expect(holdUps).toHaveLength(expected.length);
    for (const [index, holdUp] of expected.entries()) expect(holdUps[index]).toMatch(holdUp);
  });
});

describe('events', () => {
  const found = objects({
    workloads: [redis, deployment('prism-proxy', 'proxy', 1, 1)],
    pods: [pod('orders-redis-0', 'StatefulSet/orders-redis', 'ready')],
    events: [
      event('Pod/orders-redis-0', 'Pulled', '2026-01-01T11:59:30Z'),
      event('PrismCluster/orders', 'Created', '2026-01-01T11:59:10Z'),
      event('ReplicaSet/orders-prism-proxy-5d', 'FailedCreate', '2026-01-01T11:59:20Z', {
        type: 'Warning',
        series: { count: 7, lastObservedTime: '2026-01-01T11:59:50Z' },
      }),
      event('PersistentVolumeClaim/data-orders-redis-0', 'Pending', '2026-01-01T11:59:40Z'),
      event('Pod/orders-b-redis-0', 'Pulled', '2026-01-01T11:59:45Z'),
      event('ReplicaSet/orders-b-prism-proxy-5d', 'FailedCreate', '2026-01-01T11:59:45Z'),
      event('PrismCluster/orders-b', 'Created', '2026-01-01T11:59:45Z'),
    ],
  });

  test('are those of the cluster and what is its own, by when they were last seen', () => {
    expect(clusterDescription(found).events.map(({ object, reason, count }) => `${object} ${reason} ${count}`)).toEqual(
      [
        'PrismCluster/orders Created 1',
        'Pod/orders-redis-0 Pulled 1',
        'PersistentVolumeClaim/data-orders-redis-0 Pending 1',
        'ReplicaSet/orders-prism-proxy-5d FailedCreate 7',
      ],
    );
  });

  test('are the last 15', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      event('PrismCluster/orders', `R${index}`, `2026-01-01T11:00:${String(index).padStart(2, '0')}Z`),
    );
    const told = clusterDescription(objects({ events: many })).events;
    expect([told.length, told[0]?.reason, told.at(-1)?.reason]).toEqual([15, 'R5', 'R19']);
  });

  test('stand below the conditions and above what to do', () => {
    const cluster = someCluster({ conditions: conditions(['Ready', 'False', 'SpecInvalid', 'spec.x:\nno']) });
    const lines = describeLines(clusterDescription({ ...found, cluster }), now).map(({ text }) => text);
    expect(lines.slice(lines.indexOf('Conditions:'))).toEqual([
      'Conditions:',
      '  TYPE   STATUS  REASON       SINCE  MESSAGE',
      '  Ready  False   SpecInvalid  1 min  spec.x: no',
      '',
      'Events:',
      '  AGO   TYPE     OBJECT                                     REASON        NOTE',
      '  50 s  Normal   PrismCluster/orders                        Created       Created of orders',
      '  30 s  Normal   Pod/orders-redis-0                         Pulled        Pulled of orders-redis-0',
      '  20 s  Normal   PersistentVolumeClaim/data-orders-redis-0  Pending       Pending of data-orders-redis-0',
      '  10 s  Warning  ReplicaSet/orders-prism-proxy-5d           FailedCreate  FailedCreate of orders-prism-proxy-5d (7 times)',
      '',
      'What to do next:',
      '  1. Correct the spec, as the message says: kubectl edit prismcluster orders -n shop',
    ]);
  });
});
