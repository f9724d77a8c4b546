import type { KubeObject } from '@capstan/kube';
import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput, unseen, usable } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { rebootstrapAdminAnnotation } from '../annotations.ts';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { newCredentials } from '../backends/credentials.ts';
import type { BootstrappedBackends } from '../bootstrapped-backends.ts';
import type { Observed } from '../observe.ts';
import type { Rebootstrap } from '../rebootstrap/admin-standing.ts';
import type { ReplayedNamespaces } from '../rebootstrap/replayed-namespaces.ts';
import { judge } from './judge.ts';
import { judgedBy } from './judged-by.ts';

const aCondition = { reason: 'FirstStart', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };

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
  readonly status?: PrismClusterStatus;
  readonly rebootstrap?: Rebootstrap | undefined;
  readonly replays?: ReplayedNamespaces;
  /** What the annotation agrees to. */
  readonly agreed?: string | undefined;
}

function verdict(spec: SpecInput, { live = [], status, agreed, ...sight }: Sight = {}) {
  const observed = { ...withSecrets(spec), ...sight };
  const made = aCluster({ spec, ...(status !== undefined && { status }) });
  const annotations = agreed === undefined ? {} : { [rebootstrapAdminAnnotation]: agreed };
  const cluster = { ...made, metadata: { ...made.metadata, annotations } };
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

describe('the profile', () => {
  it.each<['upstream' | 'memo035', 'True' | 'False' | undefined, boolean]>([
    ['memo035', 'True', true],
    ['memo035', undefined, true],
    ['memo035', 'False', false],
    ['upstream', 'True', false],
  ])(
    '%s of a cluster that runs as upstream and was initialized once (%s) is refused: %s',
    (profile, state, isRefused) => {
      const conditions = state === undefined ? [] : [{ ...aCondition, type: 'Initialized', status: state }];
      const refusal = verdict({ profile }, { bootstrapped: 1, live: madeFrom({}), status: { conditions } });
      expect(refusal?.reason).toBe(isRefused ? 'ProfileChangeRefused' : undefined);
      if (isRefused) expect(refusal?.message).toContain('Set it back to upstream');
    },
  );
});

describe('a pattern that becomes a Deployment', () => {
  const letters = (type: 'Deployment' | 'StatefulSet', deletionPolicy: 'Retain' | 'Delete'): SpecInput => ({
    ...{ deletionPolicy, patterns: [{ name: 'mailbox', type, storage: {} }] },
  });

  it('is refused where its volumes would go, and says how they stay', () => {
    const live = madeFrom(letters('StatefulSet', 'Delete'));
    expect(verdict(letters('Deployment', 'Delete'), { live })).toMatchObject({
      reason: 'StorageChangeRefused',
      message: expect.stringMatching(
        /^spec\.patterns\[mailbox\]\.type is Deployment.*set spec\.deletionPolicy to Retain/,
      ),
    });
    expect(verdict(letters('StatefulSet', 'Delete'), { live })).toBeUndefined();
    expect(verdict(letters('Deployment', 'Retain'), { live })).toBeUndefined();
  });

  it('is not where its volumes stay, or where it has none', () => {
    expect(
      verdict(letters('Deployment', 'Delete'), { live: madeFrom(letters('StatefulSet', 'Retain')) }),
    ).toBeUndefined();
    const without: SpecInput = { deletionPolicy: 'Delete', patterns: [{ name: 'mailbox', type: 'StatefulSet' }] };
    expect(verdict(letters('Deployment', 'Delete'), { live: madeFrom(without) })).toBeUndefined();
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
    expect(refusal?.message).toContain(
      `kubectl annotate prismclusters.prism.io orders -n shop --overwrite prism.io/rebootstrap-admin='${bootstrapped}->${replicas}'`,
    );
  });

  it.each([
    [[], 'No PrismNamespace names this cluster in shop, so every namespace in it is lost'],
    [['a'], '1 PrismNamespace of this cluster will be created in it anew, and every namespace without one is lost'],
    [['a', 'b'], '2 PrismNamespaces of this cluster will be created in it anew'],
  ])('cannot change, and what a change would lose beside %j is said', (names, sentence) => {
    const replays = { names, missing: [] };
    expect(verdict({ admin: { replicas: 3 } }, { bootstrapped: 1, replays })?.message).toContain(sentence);
  });

  const since = '2026-01-01T00:00:00Z';
  it.each<[string, number, number, string | undefined, Rebootstrap | undefined, boolean]>([
    ['just this was agreed to', 1, 3, '1->3', undefined, true],
    ['another number was agreed to', 1, 3, '1->5', undefined, false],
    ['the agreement is of an earlier change', 3, 5, '1->3', undefined, false],
    ['its members stop', 1, 3, undefined, { from: 1, to: 3, step: 'Stopping', since }, true],
    ['its members stop for another number', 1, 5, '1->5', { from: 1, to: 3, step: 'Stopping', since }, false],
    ['new members start', 3, 5, undefined, { from: 1, to: 3, step: 'Starting', since }, false],
    ['new members start, and another was agreed to', 3, 5, '3->5', { from: 1, to: 3, step: 'Starting', since }, true],
  ])('may change where %s', (_when, bootstrapped, replicas, agreed, rebootstrap, isAllowed) => {
    const found = verdict({ admin: { replicas } }, { bootstrapped, rebootstrap, agreed });
    expect(found?.reason).toBe(isAllowed ? undefined : 'AdminReplicasChangeRefused');
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
