import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PrismCluster } from './prism-cluster.ts';
import { refusedSpecs } from './refused-specs.fixture.ts';

const samplesDirectory = new URL('../../../../../deploy/samples/prism/', import.meta.url);
const samples = readdirSync(samplesDirectory)
  .map((file) => [file, parse(readFileSync(new URL(file, samplesDirectory), 'utf8'))] as const)
  .filter(([, { kind }]) => kind === PrismCluster.kind); // each of the other kinds looks at its own

describe('the samples', () => {
  it('are there', () => {
    expect(samples.map(([file]) => file)).toContain('prism-local.yaml');
  });

  it.each(samples)('%s has no field that the schema does not know, and is valid', (_file, sample) => {
    expect([PrismCluster.unknownFields(sample), PrismCluster.validate(sample)]).toEqual([[], []]);
  });
});

const withSpec = (spec: object, name = 'prism') => ({ metadata: { name, namespace: 'apps' }, spec });

describe('an empty spec', () => {
  it('becomes one admin, one proxy, a fence, and nothing else', () => {
    expect(PrismCluster.withDefaults(withSpec({})).spec).toEqual({
      profile: 'upstream',
      admin: {
        replicas: 1,
        storage: { type: 'sqlite', size: '1Gi' },
        proxyRegistration: 'Operator',
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
      },
      proxy: {
        replicas: 1,
        resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
      },
      patterns: [],
      backends: {},
      tenancy: { allowResourceQuotas: false, allowDedicatedRunners: false },
      networkPolicy: { enabled: true },
      deletionPolicy: 'Retain',
    });
  });
});

describe('the CustomResourceDefinition', () => {
  it('is no larger than what kubectl apply can remember in an annotation', () => {
    expect(JSON.stringify(PrismCluster.manifest()).length).toBeLessThan(240_000);
  });
});

describe('what is left out', () => {
  it('of a pattern is one pod of a Deployment', () => {
    const { patterns } = PrismCluster.withDefaults(withSpec({ patterns: [{ name: 'session' }] })).spec;
    expect(patterns).toEqual([
      {
        name: 'session',
        type: 'Deployment',
        replicas: 1,
        backends: [],
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '250m', memory: '128Mi' } },
      },
    ]);
  });

  it('of a backend is one enabled server, with a password, in the mode of today', () => {
    const none = { redis: {}, nats: {}, postgres: {}, minio: {}, kafka: {} };
    expect(PrismCluster.withDefaults(withSpec({ backends: none })).spec.backends).toEqual({
      redis: { enabled: true, replicas: 1, auth: 'Password' },
      nats: { enabled: true, replicas: 1 },
      postgres: { enabled: true, replicas: 1, database: 'prism' },
      minio: { enabled: true, replicas: 1 },
      kafka: { enabled: true, replicas: 1, mode: 'KRaft' },
    });
  });

  it('of an autoscaler is one to ten proxies', () => {
    expect(PrismCluster.withDefaults(withSpec({ proxy: { autoscaling: {} } })).spec.proxy.autoscaling).toEqual({
      enabled: true,
      minReplicas: 1,
      maxReplicas: 10,
    });
  });
});

describe('a spec that cannot be', () => {
  it.each(refusedSpecs)('is refused at $path: $title', ({ name, spec, path }) => {
    const violations = PrismCluster.validate(withSpec(spec, name));
    expect([...new Set(violations.map((violation) => violation.path))]).toEqual([path]);
  });
});

describe('a spec that looks odd and is possible', () => {
  it.each([
    [
      'the number of a backend that runs elsewhere',
      { backends: { redis: { replicas: 3, external: { endpoint: 'r:6379' } } } },
    ],
    ['the number of a backend that is disabled', { backends: { minio: { enabled: false, replicas: 4 } } }],
    ['a backend that is disabled, and nothing else of it', { backends: { postgres: { enabled: false } } }],
    [
      'scaling by a limit, which Kubernetes takes for the request',
      { proxy: { autoscaling: {}, resources: { limits: { cpu: 1 } } } },
    ],
    ['a disabled autoscaler without requests', { proxy: { autoscaling: { enabled: false }, resources: {} } }],
    ['a pattern of no pods', { patterns: [{ name: 'consumer', replicas: 0 }] }],
    ['a Deployment with a volume of its single pod', { patterns: [{ name: 'mailbox', storage: {} }] }],
    ['Kafka 3 with ZooKeeper', { backends: { kafka: { mode: 'ZooKeeper', version: '3.7.0' } } }],
    ['five admins', { admin: { replicas: 5 } }],
  ])('%s', (_title, spec) => {
    expect(PrismCluster.validate(withSpec(spec))).toEqual([]);
  });
});

describe('another number of admins', () => {
  const made = { observedGeneration: 1, bootstrappedAdminReplicas: 1 };
  const violations = (replicas: number, status: object) =>
    PrismCluster.validate({ ...withSpec({ admin: { replicas } }), status }, { ...withSpec({}), status });

  it('is refused with the command that agrees to it', () => {
    const [refusal] = violations(3, made);
    expect(refusal?.message).toContain("--overwrite prism.io/rebootstrap-admin='FROM->TO'");
    expect(refusal?.message).toContain('silently loses every namespace');
  });

  it('may be that which the status offers, and no other', () => {
    const offered = { ...made, offeredAdminReplicas: 3 };
    expect([violations(3, offered).length, violations(5, offered).length]).toEqual([0, 1]);
  });
});

describe('a change of a cluster', () => {
  const started = { observedGeneration: 1, bootstrappedAdminReplicas: 1 };
  const withStatus = (spec: object, status: object = {}) => ({ ...withSpec(spec), status });
  const refused = (after: object, before: object, status: object = {}) =>
    PrismCluster.validate(withStatus(after, status), withStatus(before, status)).map(({ path }) => path);
  const condition = (type: string, state: string, reason: string) => ({
    ...{ type, status: state, reason, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
  });

  const storage = (of: object) => ({ patterns: [{ name: 'mailbox', type: 'StatefulSet', storage: of }] });
  const changes: readonly (readonly [path: string, after: object, before: object])[] = [
    ['spec.admin.replicas', { admin: { replicas: 3 } }, {}],
    ['spec.admin.storage.type', { admin: { storage: { type: 'postgres' } } }, {}],
    ['spec.admin.storage.size', { admin: { storage: { size: '500Mi' } } }, {}],
    ['spec.admin.storage.storageClassName', { admin: { storage: { storageClassName: 'fast' } } }, {}],
    [
      'spec.backends.redis.storage',
      { backends: { redis: { storage: 1 } } },
      { backends: { redis: { storage: '2Gi' } } },
    ],
    [
      'spec.backends.minio.storageClassName',
      { backends: { minio: { storageClassName: 'fast' } } },
      { backends: { minio: {} } },
    ],
    [
      'spec.backends.postgres.database',
      { backends: { postgres: { database: 'other' } } },
      { backends: { postgres: {} } },
    ],
    [
      'spec.backends.kafka.replicas',
      { backends: { kafka: { replicas: 3 } } },
      { backends: { kafka: { replicas: 5 } } },
    ],
    [
      'spec.backends.nats.replicas',
      { backends: { nats: { replicas: 1, storage: '1Gi' } } },
      { backends: { nats: { replicas: 3, storage: '1Gi' } } },
    ],
    ['spec.backends.kafka.mode', { backends: { kafka: { mode: 'ZooKeeper' } } }, { backends: { kafka: {} } }],
    ['spec.patterns', storage({ size: '1Gi' }), storage({ size: '2Gi' })],
    ['spec.patterns', storage({ storageClassName: 'fast' }), storage({})],
  ];
  it.each(changes)('of %s is refused once it has started, and not before', (path, after, before) => {
    expect([refused(after, before, started), refused(after, before)]).toEqual([[path], []]);
  });

  const possible: readonly (readonly [title: string, after: object, before: object])[] = [
    ['a volume that grows', { backends: { redis: { storage: '3Gi' } } }, { backends: { redis: { storage: '2Gi' } } }],
    ['the volume of a pattern that grows', storage({ size: '3Gi' }), storage({})],
    ['a pattern that goes', {}, storage({ size: '3Gi' })],
    ['a pattern that comes', storage({ size: '1Gi' }), {}],
    ['a pattern of another kind', { patterns: [{ name: 'a', type: 'StatefulSet' }] }, { patterns: [{ name: 'a' }] }],
    ['a backend that goes', { backends: {} }, { backends: { kafka: {}, postgres: {} } }],
    ['a backend that comes', { backends: { kafka: { mode: 'ZooKeeper' }, postgres: { database: 'x' } } }, {}],
    [
      'another number of Kafka brokers for one that was disabled',
      { backends: { kafka: { enabled: true, replicas: 3 } } },
      { backends: { kafka: { enabled: false } } },
    ],
    ['more NATS servers without a volume', { backends: { nats: { replicas: 3 } } }, { backends: { nats: {} } }],
    ['another version', { backends: { redis: { version: '7.4-alpine' } } }, { backends: { redis: {} } }],
  ];
  it.each(possible)('is possible: %s', (_title, after, before) => {
    expect(refused(after, before, started)).toEqual([]);
  });

  it('back to the number of admins it was started with is always possible', () => {
    expect(refused({ admin: { replicas: 1 } }, { admin: { replicas: 3 } }, started)).toEqual([]);
  });

  it('is always possible as the way back out of a spec that is refused', () => {
    const status = { ...started, conditions: [condition('Accepted', 'False', 'AdminStorageUnsupported')] };
    expect(refused({}, { admin: { storage: { type: 'postgres', size: '5Gi' } } }, status)).toEqual([]);
  });

  describe('out of a spec that is refused', () => {
    const conditions = [condition('Accepted', 'False', 'SpecInvalid')];
    const bootstrappedBackends = {
      ...{ kafka: { replicas: 1, mode: 'KRaft' }, postgres: { database: 'prism' }, nats: { replicas: 3 } },
    };
    const made = { ...started, conditions, bootstrappedBackends };
    const fields: readonly (readonly [path: string, as: (value: unknown) => object, was: unknown, other: unknown])[] = [
      ['spec.backends.kafka.replicas', (replicas) => ({ backends: { kafka: { replicas } } }), 1, 3],
      ['spec.backends.kafka.mode', (mode) => ({ backends: { kafka: { mode } } }), 'KRaft', 'ZooKeeper'],
      ['spec.backends.postgres.database', (database) => ({ backends: { postgres: { database } } }), 'prism', 'other'],
      ['spec.backends.nats.replicas', (replicas) => ({ backends: { nats: { replicas, storage: '1Gi' } } }), 3, 1],
    ];

    it.each(fields)('%s may go back to what was made, and to nothing else', (path, as, was, other) => {
      expect(refused(as(was), as(other), made)).toEqual([]);
      expect(refused(as(other), as(was), made)).toEqual([path]);
    });

    it.each(fields)('%s may be anything where the backend never was made', (_path, as, was, other) => {
      expect(refused(as(other), as(was), { ...started, conditions })).toEqual([]);
    });

    it('prism-admin never goes to a database that it cannot use', () => {
      const [sqlite, postgres] = ['sqlite', 'postgres'].map((type) => ({ admin: { storage: { type } } })) as [
        object,
        object,
      ]; // two of two
      expect(refused(postgres, sqlite, made)).toEqual(['spec.admin.storage.type']);
      expect(refused(sqlite, postgres, made)).toEqual([]);
    });
  });

  it('to less is possible where the volume never grew', () => {
    const status = { ...started, conditions: [condition('Stalled', 'True', 'VolumeGrowthRefused')] };
    expect(refused({}, { admin: { storage: { size: '5Gi' } } }, status)).toEqual([]);
  });

  it('of the profile is refused once the cluster has run, and not before', () => {
    const conditions = (state: string) => ({ conditions: [condition('Initialized', state, 'AllReadyOnce')] });
    const change = (status: object) => refused({ profile: 'memo035' }, {}, { ...started, ...status });
    expect([change({}), change(conditions('False')), change(conditions('True'))]).toEqual([[], [], ['spec.profile']]);
  });

  it('of the status never is refused, whatever the spec before was', () => {
    const spec = { admin: { replicas: 3 } };
    expect(PrismCluster.validate(withStatus(spec, started), withStatus(spec))).toEqual([]);
  });
});
