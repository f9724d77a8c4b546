import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { podEffect } from './pod-effect.ts';

interface Over {
  readonly kind?: string;
  readonly spec?: object;
  readonly image?: string;
  readonly status?: object;
}

function workload({ kind = 'StatefulSet', spec = {}, image = 'a', status = {} }: Over = {}): KubeObject {
  const object = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'orders' },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'main', image }] } }, ...spec },
    status,
  };
  return object;
}

const rolled = (over: Over = {}) => podEffect(workload(over), workload({ ...over, image: 'b' }), 'in place');

describe('a change of the pod template', () => {
  it.each<[string, Over, number, string]>([
    ['one at a time, from the last', {}, 3, 'one at a time, from orders-2 down to orders-0'],
    ['down to the partition', { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } }, 1, 'orders-2'],
    [
      'not at all below the partition',
      { spec: { updateStrategy: { rollingUpdate: { partition: 3 } } } },
      0,
      'no pod restarts: the partition holds back those below 3',
    ],
    [
      'from where its ordinals begin',
      { spec: { ordinals: { start: 5 } } },
      3,
      'one at a time, from orders-7 down to orders-5',
    ],
    [
      'several at a time',
      { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } } },
      3,
      'at most 2 at a time, from orders-2 down to orders-0',
    ],
    [
      'not by itself',
      { spec: { updateStrategy: { type: 'OnDelete' } } },
      0,
      'no pod restarts by itself: the update strategy is OnDelete',
    ],
    ['a Deployment rolls', { kind: 'Deployment' }, 3, 'a rolling update'],
    ['a Deployment is replaced', { kind: 'Deployment', spec: { strategy: { type: 'Recreate' } } }, 3, 'all at once'],
    ['a DaemonSet rolls', { kind: 'DaemonSet', status: { desiredNumberScheduled: 7 } }, 7, 'one at a time'],
  ])('restarts pods: %s', (_, over, restarts, how) => {
    expect(rolled(over)).toEqual({ restarts, stops: 0, how });
  });

  it('restarts the pods that the operator itself replaces, in its order', () => {
    const by = (over: Over, how?: string) =>
      podEffect(workload(over), workload({ ...over, image: 'b' }), 'in place', how);
    const onDelete = { spec: { updateStrategy: { type: 'OnDelete' } } };
    const how = 'one at a time, the leader last';
    expect(by(onDelete, how)).toEqual({ restarts: 3, stops: 0, how });
    expect(podEffect(workload(onDelete), workload(onDelete), 'in place', how)).toBeUndefined();
    const smaller = workload({ spec: { ...onDelete.spec, replicas: 1 }, image: 'b' });
    expect(podEffect(workload(onDelete), smaller, 'in place', how)).toEqual({ restarts: 1, stops: 2, how });
  });

  it('restarts nobody where there are no pods', () => {
    expect(rolled({ spec: { replicas: 0 } })).toBeUndefined();
  });
});

describe('other changes', () => {
  it('of anything but the template restart nobody', () => {
    expect(podEffect(workload(), workload({ spec: { minReadySeconds: 9 } }), 'in place')).toBeUndefined();
    expect(podEffect(workload(), workload({ spec: { replicas: 5 } }), 'in place')).toBeUndefined();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'orders' } };
    expect(podEffect(map, { ...map }, 'removed')).toBeUndefined();
  });

  it('of the size stop the last pods', () => {
    expect(podEffect(workload(), workload({ spec: { replicas: 1 } }), 'in place')).toEqual({
      restarts: 0,
      stops: 2,
      how: 'scaled down: orders-2, orders-1',
    });
  });

  it('of size and template restart only those that stay', () => {
    const after = workload({ image: 'b', spec: { replicas: 2 } });
    expect(podEffect(workload(), after, 'in place')).toEqual({
      restarts: 2,
      stops: 1,
      how: 'one at a time, from orders-1 down to orders-0',
    });
  });

  it('that recreate a workload restart all pods, unless it is recreated around them', () => {
    expect(podEffect(workload(), undefined, 'recreated')?.restarts).toBe(3);
    const around = (over: Over) => podEffect(workload(), workload(over), 'recreated around its pods');
    expect(around({ spec: { minReadySeconds: 9 } })).toBeUndefined();
    // A new object rolls the pods that it takes over.
    expect(around({ image: 'b' })).toEqual(rolled());
    expect(podEffect(workload(), undefined, 'removed')?.stops).toBe(3);
  });
});
