import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { refusedSpecs } from './refused-specs.fixture.ts';
import { StreamBusCluster } from './stream-bus-cluster.ts';

const samplesDirectory = new URL('../../../../../deploy/samples/streambus/', import.meta.url);
const samples = readdirSync(samplesDirectory).map(
  (file) => [file, parse(readFileSync(new URL(file, samplesDirectory), 'utf8'))] as const,
);

describe('the samples', () => {
  it('are the five of the requirement', () => {
    expect(samples.map(([file]) => file).sort()).toEqual([
      'dev.yaml',
      'minimal.yaml',
      'multi-tenant.yaml',
      'production.yaml',
      'secure.yaml',
    ]);
  });

  it.each(samples)('%s has no field that the schema does not know, and is valid', (_file, sample) => {
    expect([StreamBusCluster.unknownFields(sample), StreamBusCluster.validate(sample)]).toEqual([[], []]);
  });
});

describe('an empty spec', () => {
  it('becomes a cluster of three modest brokers', () => {
    const metadata = { name: 'orders', namespace: 'shop' };
    expect(StreamBusCluster.withDefaults({ metadata, spec: {} }).spec).toEqual({
      replicas: 3,
      version: 'latest',
      image: { repository: 'streambus/broker', tag: 'latest', pullPolicy: 'IfNotPresent' },
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
      storage: { class: 'standard', size: '10Gi', raftSize: '5Gi', deletionPolicy: 'Retain' },
      raft: { membership: 'Fixed' },
      config: { logLevel: 'info', port: 9092, httpPort: 8081, grpcPort: 9093 },
      observability: { metrics: { enabled: true, serviceMonitor: false } },
    });
  });
});

describe('a field of the first StreamBus operator', () => {
  it.each([
    { version: 'v0.6.0' },
    { image: { pullSecrets: ['registry'] } },
    { security: { enabled: true, tls: { enabled: true, secretName: 'tls' } } },
    { security: { authentication: { enabled: true, sasl: { mechanism: 'PLAIN', secretName: 'users' } } } },
    { resources: { requests: { cpu: 1, 'example.dev/gpu': '1' } } },
  ])('is still accepted: %o', (spec) => {
    const object = { metadata: { name: 'orders' }, spec };
    expect([StreamBusCluster.unknownFields(object), StreamBusCluster.validate(object)]).toEqual([[], []]);
  });
});

describe('a spec that cannot be', () => {
  it.each(refusedSpecs)('is refused at $path: $title', ({ name = 'orders', spec, path }) => {
    const violations = StreamBusCluster.validate({ metadata: { name }, spec });
    expect([...new Set(violations.map((violation) => violation.path))]).toEqual([path]);
  });
});

describe('a change of a cluster', () => {
  const aResource = (spec: object, status: object = {}) => ({ metadata: { name: 'orders' }, spec, status });
  const refused = (after: object, before: object, status: object = {}) =>
    StreamBusCluster.validate(aResource(after, status), aResource(before, status)).map(({ path }) => path);
  const started = { bootstrapReplicas: 3 };

  it('of its size is refused once it has started, and not before', () => {
    expect([refused({ replicas: 5 }, { replicas: 3 }, started), refused({ replicas: 5 }, { replicas: 3 })]).toEqual([
      ['spec.replicas'],
      [],
    ]);
  });

  it('back to the size it was started with is always possible', () => {
    expect(refused({ replicas: 3 }, { replicas: 5 }, started)).toEqual([]);
  });

  it('of the raft port is refused for several brokers only', () => {
    const moved = { config: { grpcPort: 7000 } };
    const alone = { bootstrapReplicas: 1 };
    expect([
      refused({ replicas: 3, ...moved }, { replicas: 3 }, started),
      refused({ replicas: 1, ...moved }, { replicas: 1 }, alone),
    ]).toEqual([['spec.config.grpcPort'], []]);
  });

  it.each([
    ['class', 'fast'],
    ['size', '9Gi'],
    ['raftSize', '1Gi'],
  ])('of storage.%s to another class or less is refused once it has started, and not before', (field, value) => {
    const spec = { storage: { [field]: value } };
    expect([refused(spec, {}, started), refused(spec, {})]).toEqual([[`spec.storage.${field}`], []]);
  });

  it.each([
    ['size', '20Gi'],
    ['size', 20_000_000_000],
    ['raftSize', '5120Mi'],
  ])('of storage.%s to %s, which is no less, is possible', (field, value) => {
    expect(refused({ storage: { [field]: value } }, {}, started)).toEqual([]);
  });

  it('of its size is possible where the operator has said that it would bootstrap it anew with just that', () => {
    const offered = { ...started, offeredReplicas: 5 };
    expect([
      refused({ replicas: 5 }, { replicas: 3 }, offered),
      refused({ replicas: 7 }, { replicas: 3 }, offered),
    ]).toEqual([[], ['spec.replicas']]);
  });

  it.each([
    ['Stopping', 3, []],
    ['RemovingRaft', 3, []],
    ['RemovingRaft', 4, ['spec.replicas']],
    ['Starting', 4, ['spec.replicas']],
  ])('of its size, while it is bootstrapped anew at step %s, to %i: %o', (step, replicas, expected) => {
    const reBootstrap = { from: 3, to: 5, step, startedAt: '2026-01-01T00:00:00Z' };
    expect(refused({ replicas }, { replicas: 5 }, { ...started, reBootstrap })).toEqual(expected);
  });

  it('of its size is refused once the brokers start with another one', () => {
    const reBootstrap = { from: 3, to: 5, step: 'Starting', startedAt: '2026-01-01T00:00:00Z' };
    const status = { bootstrapReplicas: 5, reBootstrap };
    expect(refused({ replicas: 3 }, { replicas: 5 }, status)).toEqual(['spec.replicas']);
  });

  it('of its size is possible where its brokers can change their membership', () => {
    const raft = { membership: 'Dynamic' };
    expect(refused({ replicas: 5, raft }, { replicas: 3, raft }, started)).toEqual([]);
  });

  it('is always possible as the way back out of a spec that is refused', () => {
    const wrong = { replicas: 5, config: { grpcPort: 7000 }, storage: { class: 'fast', size: '1Gi', raftSize: '1Gi' } };
    const condition = { type: 'Accepted', status: 'False', reason: 'StorageChangeRefused', message: '' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    expect(refused({ replicas: 3 }, wrong, { ...started, conditions })).toEqual([]);
  });

  it('of the status never is, whatever the spec before was', () => {
    const spec = { replicas: 5, config: { grpcPort: 7000 } };
    expect(StreamBusCluster.validate(aResource(spec, started), aResource(spec))).toEqual([]);
  });
});
