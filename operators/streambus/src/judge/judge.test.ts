import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet, fine, type SpecInput } from '../a-cluster.fixture.ts';
import type { ReBootstrapStep } from '../api/v1alpha1/status.ts';
import { StreamBusCluster, type StreamBusClusterStatus } from '../api/v1alpha1/stream-bus-cluster.ts';
import { reBootstrapAnnotation } from '../rebootstrap/opt-in.ts';
import { statusOf } from '../status.ts';
import { judge } from './judge.ts';

const running = aStatefulSet(aCluster());
const nothing = { statefulSet: undefined };

describe('a cluster before its first start', () => {
  const accepted: readonly (readonly [string, SpecInput])[] = [
    ['the defaults', {}],
    ['one broker', { replicas: 1 }],
    ['an even number of brokers', { replicas: 4 }],
    ['security that nobody enforces', { security: { tls: { enabled: true, certSecretName: 'tls' } } }],
    ['another storage class', { storage: { class: 'fast' } }],
  ];
  it.each(accepted)('may ask for %s', (_what, spec) => {
    expect(judge(aCluster({ spec }), nothing)).toBeUndefined();
  });

  it('takes up the raft volumes that a former one of its name has left, and is refused another size', () => {
    const with5 = aCluster({ spec: { replicas: 5 } });
    expect([judge(with5, { ...nothing, raftVolumes: 5 }), judge(with5, { ...nothing, raftVolumes: 0 })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(judge(with5, { ...nothing, raftVolumes: 3 })).toEqual({
      reason: 'RaftVolumesRemain',
      message:
        'spec.replicas is 5, but a cluster of this name with 3 brokers has left its raft volumes (claims raft-data-orders-0 to ' +
        'raft-data-orders-2), and its membership is in them. Set spec.replicas to 3 to take them up again, or delete these claims, ' +
        'which loses the topics made over HTTP; messages are on other claims and stay',
    });
  });

  it('is refused with every field that is wrong and what would be right', () => {
    const spec: SpecInput = { replicas: 0, config: { port: 80 }, security: { tls: { enabled: true } } };
    expect(judge(aCluster({ spec }), nothing)).toEqual({
      reason: 'SpecInvalid',
      message:
        'spec.replicas: must be greater than or equal to 1; ' +
        'spec.config.port: must be greater than or equal to 1024; ' +
        'spec.security.tls.certSecretName: needs certSecretName when TLS is enabled',
    });
  });
});

describe('a cluster that has started', () => {
  it('may be left as it is, or given another image, log level or client port', () => {
    const spec: SpecInput = { image: { tag: 'v2' }, config: { logLevel: 'debug', port: 9999 } };
    expect(judge(aCluster({ spec }), { statefulSet: running })).toBeUndefined();
  });

  const resized: readonly (readonly [number, number, string])[] = [
    [3, 4, 'added brokers would never serve, or start a second cluster'],
    [1, 3, 'added brokers would never serve, or start a second cluster'],
    [3, 1, 'the quorum would be lost for good'],
  ];
  it.each(resized)('is not scaled from %i to %i brokers', (from, to, why) => {
    const statefulSet = aStatefulSet(aCluster({ spec: { replicas: from } }));
    const expected = {
      reason: 'ReplicasChangeRefused',
      message:
        `spec.replicas is ${to}, but this cluster was started with ${from} and its raft membership is fixed at that: ${why}. ` +
        `Set spec.replicas back to ${from}; for another size make a new cluster, or bootstrap this one anew (annotation streambus.io/re-bootstrap-to)`,
    };
    const asked = { replicas: to };
    expect(judge(aCluster({ spec: asked }), { statefulSet })).toEqual(expected);
    // The record in the status counts even where the StatefulSet was deleted or scaled by hand.
    expect(judge(aCluster({ spec: asked, status: { bootstrapReplicas: from } }), nothing)).toEqual(expected);
  });

  it('may have another size where its brokers can change their membership', () => {
    const spec: SpecInput = { replicas: 5, raft: { membership: 'Dynamic' } };
    expect(judge(aCluster({ spec, status: { bootstrapReplicas: 3 } }), { statefulSet: running })).toBeUndefined();
  });

  const opted = (replicas: number, status: StreamBusClusterStatus): StreamBusCluster => {
    const asked = aCluster({ spec: { replicas }, status });
    return { ...asked, metadata: { ...asked.metadata, annotations: { [reBootstrapAnnotation]: '5' } } };
  };
  const onItsWay = (step: ReBootstrapStep) => ({
    bootstrapReplicas: step === 'Starting' ? 5 : 3,
    reBootstrap: { from: 3, to: 5, step, startedAt: '2026-01-01T00:00:00Z' },
  });
  it.each([
    [5, 'that its user has opted for', opted(5, { bootstrapReplicas: 3 }), undefined],
    [4, 'that its user has not opted for', opted(4, { bootstrapReplicas: 3 }), 'ReplicasChangeRefused'],
    [5, 'that it is on its way to', opted(5, onItsWay('Stopping')), undefined],
    [3, 'that it would go back to', opted(3, onItsWay('RemovingRaft')), undefined],
    [5, 'that it starts with', opted(5, onItsWay('Starting')), undefined],
    [3, 'that it had, once brokers start with another', opted(3, onItsWay('Starting')), 'ReplicasChangeRefused'],
  ])('may be bootstrapped anew: %i, the size %s', (_size, _which, asked, reason) => {
    expect(judge(asked, { statefulSet: running })?.reason).toBe(reason);
  });

  it('may go back to the size it was started with after the StatefulSet was scaled by hand', () => {
    const scaled = aStatefulSet(aCluster({ spec: { replicas: 5 } }));
    expect(judge(aCluster({ status: { bootstrapReplicas: 3 } }), { statefulSet: scaled })).toBeUndefined();
  });

  it('keeps its raft port while it has several brokers', () => {
    expect(judge(aCluster({ spec: { config: { grpcPort: 7000 } } }), { statefulSet: running })).toEqual({
      reason: 'RaftPortChangeRefused',
      message:
        'spec.config.grpcPort is 7000, but the brokers talk raft on 9093: a broker restarted with another port ' +
        'could not reach the rest, and the roll-out would never end. Set it back to 9093',
    });
    const alone = aCluster({ spec: { replicas: 1 } });
    const moved = aCluster({ spec: { replicas: 1, config: { grpcPort: 7000 } } });
    expect(judge(moved, { statefulSet: aStatefulSet(alone) })).toBeUndefined();
  });

  it('keeps its volumes', () => {
    const spec: SpecInput = { storage: { class: 'fast', size: '9Gi', raftSize: '1Gi' } };
    expect(judge(aCluster({ spec }), { statefulSet: running })).toEqual({
      reason: 'StorageChangeRefused',
      message:
        'The volumes of the brokers cannot be changed: spec.storage.class is fast but they were made with standard, ' +
        'spec.storage.size is 9Gi but they were made with 10Gi, spec.storage.raftSize is 1Gi but they were made with 5Gi. ' +
        'Set spec.storage.class back to standard and spec.storage.size back to 10Gi and spec.storage.raftSize back to 5Gi',
    });
  });

  it('may have larger volumes', () => {
    const spec: SpecInput = { storage: { size: '20Gi', raftSize: '5120Mi' } };
    expect(judge(aCluster({ spec }), { statefulSet: running })).toBeUndefined();
  });

  it('keeps the volumes that the first StreamBus operator made', () => {
    const spec: SpecInput = { storage: { size: '1Gi' } };
    expect(judge(aCluster({ spec }), { statefulSet: undefined, original: running })?.reason).toBe(
      'StorageChangeRefused',
    );
  });

  it.each(['10240Mi', '10737418240', 10_737_418_240])('may write its size as %s', (size) => {
    expect(judge(aCluster({ spec: { storage: { size } } }), { statefulSet: running })).toBeUndefined();
  });
});

describe('any object at all, past a CRD that has lost its schema', () => {
  const spec = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(
        'replicas',
        'image',
        'storage',
        'config',
        'security',
        'multiTenancy',
        'observability',
        'affinity',
      ),
      fc.jsonValue(),
    ),
  );

  it('is judged and reported without a crash, and passes only when the API server would have taken it', () => {
    fc.assert(
      fc.property(spec, (anything) => {
        const metadata = { name: 'orders', namespace: 'shop', generation: 1 };
        const object = { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster', metadata, spec: anything };
        const cluster = StreamBusCluster.withDefaults(JSON.parse(JSON.stringify(object)));
        const refusal = judge(cluster, nothing);
        const findings = { ...fine, ...(refusal !== undefined && { refusal }) };
        const status = statusOf(cluster, undefined, findings, '2026-01-01T00:00:00Z');
        expect(status.phase).toBe(refusal === undefined ? 'Pending' : 'Failed');
        expect(refusal === undefined).toBe(StreamBusCluster.validate(cluster).length === 0);
      }),
      { numRuns: 300 },
    );
  });
});
