import type { Pod } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from '../a-cluster.fixture.ts';
import { aBrokerPod } from './a-broker-pod.fixture.ts';
import { brokerPodsOf } from './broker-pod.ts';
import { brokerPodSelector, clusterOfPod, leanPod } from './watched-pods.ts';

const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z');
const condition = fc.record({
  type: fc.constantFrom('Ready', 'PodScheduled', 'Initialized', 'ContainersReady'),
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.constantFrom('Unschedulable', 'ContainersNotReady'),
  message: fc.constantFrom('no node fits', ''),
  lastTransitionTime: time,
});
const ended = fc.record({ exitCode: fc.constantFrom(0, 1, 137), reason: fc.constantFrom('Error', 'OOMKilled') });
const state = fc.oneof(
  fc.record({ running: fc.record({ startedAt: time }) }),
  fc.record({
    waiting: fc.record({ reason: fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'ContainerCreating') }),
  }),
  fc.record({ terminated: ended }),
);
const container = fc.record({
  ...{ name: fc.constantFrom('streambus', 'linger', 'proxy'), ready: fc.boolean(), started: fc.boolean() },
  ...{ restartCount: fc.nat(9), image: fc.constant('b:1'), imageID: fc.constant('b@1'), state },
  lastState: fc.oneof(fc.constant({}), fc.record({ terminated: ended })),
});
const pods: fc.Arbitrary<Pod> = fc
  .record({
    name: fc.constantFrom('orders-0', 'orders-7', 'other-0'),
    metadata: fc.record(
      { deletionTimestamp: time, labels: fc.constantFrom({}, { 'controller-revision-hash': 'x' }) },
      { requiredKeys: [] },
    ),
    status: fc.record(
      {
        ...{ phase: fc.constantFrom('Pending', 'Running', 'Failed'), podIP: fc.constant('10.0.0.9') },
        ...{ reason: fc.constant('Evicted'), message: fc.constant('the node was low on memory') },
        conditions: fc.uniqueArray(condition, { selector: ({ type }) => type }),
        initContainerStatuses: fc.array(container, { maxLength: 2 }),
        containerStatuses: fc.array(container, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  })
  // Made of what a pod may have, so it is one.
  .map(({ name, metadata, status }) => aBrokerPod(name, { metadata, status: status as NonNullable<Pod['status']> }));

describe('what is kept of a pod', () => {
  it('is all that is ever read of it', () => {
    fc.assert(
      fc.property(fc.array(pods, { maxLength: 4 }), (all) => {
        expect(brokerPodsOf('orders', all.map(leanPod))).toEqual(brokerPodsOf('orders', all));
        expect(all.map(leanPod).map(clusterOfPod)).toEqual(all.map(clusterOfPod));
      }),
    );
  });

  it('is neither its spec nor its annotations, and the same when it is kept once more', () => {
    const lean = leanPod(aBrokerPod('orders-0'));
    expect([lean.spec, lean.metadata.annotations, lean.metadata.resourceVersion]).toEqual([undefined, undefined, '7']);
    expect(leanPod(lean)).toEqual(lean);
  });
});

describe('the pods that are watched', () => {
  it('are found by labels that the operator gives them', () => {
    const labels = aStatefulSet(aCluster()).spec?.template.metadata?.labels ?? {};
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    expect(brokerPodSelector.split(',').filter((pair) => !pairs.includes(pair))).toEqual([]);
  });

  it('concern the cluster that their label names', () => {
    expect(clusterOfPod(aBrokerPod('orders-0'))).toEqual([{ namespace: 'shop', name: 'orders' }]);
    expect(clusterOfPod(aBrokerPod('orders-0', { metadata: { labels: {} } }))).toEqual([]);
  });
});
