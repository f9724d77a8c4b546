import type { Pod } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aBrokerPod } from './a-broker-pod.fixture.ts';
import { brokerPodsOf } from './broker-pod.ts';

const since = '2026-01-01T00:01:00Z';

function seen(overrides: Parameters<typeof aBrokerPod>[1]) {
  const [pod] = brokerPodsOf('orders', [aBrokerPod('orders-0', overrides)]);
  return pod;
}

describe('the pods of brokers', () => {
  const ofAnother: Partial<Pod['metadata']> = { ownerReferences: [] };

  it('are those of the StatefulSet, by ordinal and not by letter', () => {
    const names = ['orders-10', 'orders-2', 'orders-0'];
    expect(
      brokerPodsOf(
        'orders',
        names.map((name) => aBrokerPod(name)),
      ).map(({ ordinal }) => ordinal),
    ).toEqual([0, 2, 10]);
  });

  it.each(['orders-01', 'orders-x', 'orders-', 'orders', 'orders-eu-0', 'other-0'])('are not %s', (name) => {
    expect(brokerPodsOf('orders', [aBrokerPod(name)])).toEqual([]);
  });

  it('are none that only bear the name', () => {
    expect(brokerPodsOf('orders', [aBrokerPod('orders-0', { metadata: ofAnother })])).toEqual([]);
  });
});

describe('the pod of a broker', () => {
  it('is all there is to know of one that serves', () => {
    expect(seen({})).toEqual({
      ...{ name: 'orders-0', uid: 'uid-orders-0', ordinal: 0, ip: '10.0.0.1', revision: 'orders-1' },
      ...{ isReady: true, isTerminating: false, isUnreachable: false, hasStarted: true, restarts: 0 },
    });
  });

  it('is not ready since its condition says so', () => {
    const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: since }] as const;
    expect(seen({ status: { conditions } })).toMatchObject({ isReady: false, notReadySince: since });
  });

  it('is not ready since it was made, when it has no conditions yet', () => {
    const pod = seen({ status: { conditions: [], podIP: undefined, containerStatuses: [] } });
    expect(pod).toMatchObject({ isReady: false, notReadySince: '2026-01-01T00:00:00Z', hasStarted: false });
    expect(pod).not.toHaveProperty('ip');
  });

  it.each([
    ['its node does not answer', { status: 'False', reason: 'NodeNotReady' }, true],
    ['nobody knows of it', { status: 'Unknown' }, true],
    ['its probe fails', { status: 'False', reason: 'ContainersNotReady' }, false],
    ['its node answers again', { status: 'True' }, false],
  ] as const)('is out of reach when %s: %o', (_when, ready, isUnreachable) => {
    const conditions = [{ type: 'Ready', lastTransitionTime: since, ...ready }];
    expect(seen({ status: { conditions } })).toMatchObject({ isUnreachable, isReady: ready.status === 'True' });
  });

  it('is going when it is being deleted', () => {
    expect(seen({ metadata: { deletionTimestamp: since } })?.isTerminating).toBe(true);
  });

  it('has not started before its start-up probe has passed', () => {
    const [status] = aBrokerPod('orders-0').status?.containerStatuses ?? [];
    const containerStatuses = status === undefined ? [] : [{ ...status, started: false }];
    expect(seen({ status: { containerStatuses } })?.hasStarted).toBe(false);
  });

  it('has the restarts and the trouble of its broker', () => {
    const [status] = aBrokerPod('orders-0').status?.containerStatuses ?? [];
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
    const containerStatuses = status === undefined ? [] : [{ ...status, ready: false, restartCount: 4, state }];
    expect(seen({ status: { containerStatuses } })).toMatchObject({
      restarts: 4,
      hasStarted: false,
      trouble: { reason: 'CrashLoopBackOff', container: 'streambus' },
    });
  });
});
