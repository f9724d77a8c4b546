import type { KubeObject } from '@capstan/kube';
import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput, unseen, usable } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { newCredentials } from '../backends/credentials.ts';
import type { BootstrappedBackends } from '../bootstrapped-backends.ts';
import type { Observed } from '../observe.ts';
import { judge } from './judge.ts';
import { judgedBy } from './judged-by.ts';

/** What a pass sees of a cluster whose Secrets are all there. */
function withSecrets(spec: SpecInput): Observed {
  const kinds = enabledBackends(aCluster({ spec }));
  const findings = kinds.map((kind) => {
    const credentials = newCredentials(kind, (bytes) => new Uint8Array(bytes));
    return [kind, { ...usable, credentials }] as const;
  });
  return { ...unseen, secrets: { ...unseen.secrets, findings: new Map(findings) } };
}

interface Sight {
  readonly bootstrapped?: number;
  readonly bootstrappedBackends?: BootstrappedBackends;
  readonly live?: readonly KubeObject[];
}

function verdict(spec: SpecInput, { bootstrapped = 0, bootstrappedBackends = {}, live = [] }: Sight = {}) {
  const observed = { ...withSecrets(spec), bootstrapped, bootstrappedBackends };
  const cluster = aCluster({ spec });
  return judge(cluster, judgedBy(cluster, observed, {}, aPass({ objects: live }).cache));
}

/** The workloads of a cluster as an earlier pass has made them. */
function madeFrom(spec: SpecInput): readonly KubeObject[] {
  const cluster = aCluster({ spec });
  const { steps } = judgedBy(cluster, withSecrets(spec), {}, aPass().cache).plan();
  const ownerReferences = [
    { apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', name: 'orders', uid: '2f6a', controller: true },
  ];
  return steps
    .flatMap(({ objects }) => objects.map(desiredOf))
    .filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')
    .map((body) => ({ ...body, metadata: { ...body.metadata, name: body.metadata.name ?? '', ownerReferences } }));
}

describe('a spec', () => {
  it.each<[string, SpecInput]>([
    ['of nothing', {}],
    [
      'of everything',
      { backends: { redis: {}, nats: {}, postgres: {}, minio: {}, kafka: {} }, admin: { replicas: 3 } },
    ],
    ['with a pattern that is not started', { patterns: [{ name: 'session', backends: ['kafka'] }] }],
  ])('%s may be carried out', (_what, spec) => {
    expect(verdict(spec)).toBeUndefined();
  });

  it('that is wrong is refused with every field that is', () => {
    const spec = { admin: { replicas: 2 }, backends: { redis: { replicas: 3 } } };
    expect(verdict(spec)?.message).toMatch(
      /^spec\.admin\.replicas: must be 1, 3 or 5.*; spec\.backends\.redis\.replicas: must be 1/,
    );
  });

  it('that makes an object which cannot be is refused, and names it', () => {
    const spec = { patterns: [{ name: 'keyvalue', podLabels: { 'no label': 'x' } }] };
    expect(verdict(spec)).toMatchObject({
      reason: 'SpecInvalid',
      message: expect.stringContaining('Deployment/orders-keyvalue-runner'),
    });
  });

  it('that keeps the state of prism-admin in postgres is refused', () => {
    expect(verdict({ admin: { storage: { type: 'postgres' } } })).toMatchObject({ reason: 'AdminStorageUnsupported' });
  });
});

describe('the number of admins', () => {
  it.each([
    [1, 3, 'every namespace would be lost without an error'],
    [3, 1, 'would never elect a leader again'],
  ] as const)('cannot go from %i to %i', (bootstrapped, replicas, consequence) => {
    const refusal = verdict({ admin: { replicas } }, { bootstrapped });
    expect(refusal).toMatchObject({
      reason: 'AdminReplicasChangeRefused',
      message: expect.stringContaining(consequence),
    });
    expect(refusal?.message).toContain(`Set spec.admin.replicas back to ${bootstrapped}`);
  });

  it('may stay', () => {
    expect(verdict({ admin: { replicas: 3 } }, { bootstrapped: 3 })).toBeUndefined();
  });
});

describe('a backend that was made', () => {
  const bootstrappedBackends: BootstrappedBackends = {
    ...{ kafka: { replicas: 1, mode: 'KRaft' }, postgres: { database: 'prism' }, nats: { replicas: 3 } },
  };

  it.each<[string, SpecInput['backends'] & {}, string]>([
    ['another number of brokers', { kafka: { replicas: 3 } }, 'the volumes of kafka were made for 1'],
    ['another mode', { kafka: { mode: 'ZooKeeper', version: '3.7.0' } }, 'the volumes of kafka were made with KRaft'],
    ['a single server', { nats: { storage: '1Gi' } }, 'the volumes of nats were made for 3'],
    ['another database', { postgres: { database: 'other' } }, 'postgres was made with prism'],
  ])('cannot get %s', (_what, backends, sentence) => {
    expect(verdict({ backends })).toBeUndefined();
    expect(verdict({ backends }, { bootstrappedBackends })).toEqual({
      reason: 'BackendChangeRefused',
      message: expect.stringContaining(sentence),
    });
  });

  it.each<[string, SpecInput['backends'] & {}]>([
    ['stay', { kafka: {}, postgres: {}, nats: { replicas: 3, storage: '1Gi' } }],
    ['get more servers of several', { nats: { replicas: 5, storage: '1Gi' } }],
    ['be disabled', { kafka: { enabled: false, replicas: 3 } }],
    ['be one elsewhere', { kafka: { replicas: 3, external: { endpoint: 'kafka:9092' } } }],
    ['go', {}],
  ])('may %s', (_what, backends) => {
    expect(verdict({ backends }, { bootstrappedBackends })).toBeUndefined();
  });
});

describe('a volume', () => {
  const small = { backends: { redis: { storage: '1Gi' } } };
  const large = { backends: { redis: { storage: '5Gi' } } };
  const mailbox = (storage: object): SpecInput => ({ patterns: [{ name: 'mailbox', type: 'StatefulSet', storage }] });

  it('may grow, or be written in another way', () => {
    expect(verdict(large, { live: madeFrom(small) })).toBeUndefined();
    expect(verdict({ backends: { redis: { storage: '1024Mi' } } }, { live: madeFrom(small) })).toBeUndefined();
  });

  it.each<[string, SpecInput, SpecInput, string]>([
    ['nats', { backends: { nats: {} } }, { backends: { nats: { storage: '1Gi' } } }, 'nats'],
    ['a StatefulSet', { patterns: [{ name: 'mailbox', type: 'StatefulSet' }] }, mailbox({}), 'mailbox-runner'],
    [
      'a Deployment',
      { patterns: [{ name: 'mailbox' }] },
      { patterns: [{ name: 'mailbox', storage: {} }] },
      'mailbox-runner',
    ],
  ])('of %s is not left behind', (_which, after, before, component) => {
    expect(verdict(before, { live: madeFrom(before) })).toBeUndefined();
    expect(verdict(after, { live: madeFrom(before) })?.message).toContain(
      `${component} asks for no volume any more, and keeps its data on one`,
    );
  });

  it.each<[string, SpecInput, SpecInput, string]>([
    ['that is named', small, large, 'redis asks for 1Gi, and its volume was made with 5Gi'],
    [
      'that is not named any more',
      { backends: { redis: {} } },
      large,
      'redis asks for 1Gi, and its volume was made with 5Gi',
    ],
    [
      'of a pattern',
      mailbox({ size: '1Gi' }),
      mailbox({ size: '2Gi' }),
      'mailbox-runner asks for 1Gi, and its volume was made with 2Gi',
    ],
    [
      'of prism-admin',
      { admin: { replicas: 3, storage: { storageClassName: 'fast' } } },
      { admin: { replicas: 3 } },
      'prism-admin asks for StorageClass fast, and its volume was made in the default StorageClass',
    ],
  ])('%s cannot shrink or move', (_which, after, before, sentence) => {
    expect(verdict(after, { live: madeFrom(before) })).toEqual({
      reason: 'StorageChangeRefused',
      message: `Volumes that exist cannot be changed so: ${sentence}. Set it back in the spec`,
    });
  });
});
