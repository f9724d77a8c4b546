import type { Container, Draft, KubeObject, PodTemplateSpec, Secret } from '@capstan/kube';
import { podSecurityViolations } from '@capstan/resources';
import { childName, desiredOf, type StepObject } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpecInput } from '../a-cluster.fixture.ts';
import type { Connection } from '../backends/connection.ts';
import { allBackends, awkward, someConnections, someCredentials } from '../patterns/some-connections.fixture.ts';
import { type PatternInput, somePattern } from '../patterns/some-pattern.fixture.ts';
import { added, type Differences, differences, removed } from '../profiles/differences.fixture.ts';
import { workingRunners } from '../profiles/working-manifests.fixture.ts';
import { type PatternOptions, patternChildren } from './pattern.ts';

/** Stands in for a keyed hash: equal for equal secrets and for those alone. */
const hashOf = (secrets: Readonly<Record<string, string>>) => `hash of ${JSON.stringify(secrets).length}`;
const telling = (secrets: Readonly<Record<string, string>>) => JSON.stringify(secrets);

interface Context extends Partial<PatternOptions> {
  readonly spec?: SpecInput;
}

function childrenOf(input: PatternInput, { spec = { backends: allBackends }, ...options }: Context = {}) {
  const { cluster, pattern } = somePattern(input, spec);
  return patternChildren(cluster, pattern, { connections: someConnections, hashOf, ...options });
}

function objectsOf(input: PatternInput, context?: Context): readonly StepObject[] {
  const { surroundings, workload } = childrenOf(input, context);
  return [...surroundings, workload];
}

const namesOf = (input: PatternInput, context?: Context) =>
  objectsOf(input, context).map((object) => childName(desiredOf(object)));

function bodyOf(input: PatternInput, name: string, context?: Context): Draft<KubeObject> {
  const object = objectsOf(input, context).find((each) => childName(desiredOf(each)) === name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  return desiredOf(object);
}

/** The pod of a pattern; builders made it. */
function templateOf(input: PatternInput, context?: Context) {
  const body = desiredOf(childrenOf(input, context).workload) as { spec?: { template: PodTemplateSpec } };
  if (body.spec === undefined) throw new Error('the workload has no spec');
  return body.spec.template;
}

function containerOf(input: PatternInput, context?: Context): Container {
  const [container] = templateOf(input, context).spec?.containers ?? [];
  if (container === undefined) throw new Error('the pod has no container');
  return container;
}

const labelsOf = (pattern: string) => ({
  'app.kubernetes.io/name': 'prism',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': `${pattern}-runner`,
});

const pod = 'spec.template.spec';

/** What differs in the workload of any runner: names, images, and where credentials come from. */
function intendedOf(pattern: string, kind: string, variable: string): Differences {
  const labels = labelsOf(pattern);
  const allLabels = { ...labels, 'app.kubernetes.io/managed-by': 'prism-operator', 'prism.io/part': 'pattern' };
  const container = `${pod}.containers[${pattern}-runner]`;
  const former = { app: `${pattern}-runner` };
  return {
    ...added('apiVersion', 'apps/v1'),
    ...added('kind', kind),
    ...added('metadata.namespace', 'shop'),
    ...added('metadata.labels', allLabels),
    'metadata.name': [`${pattern}-runner`, `orders-${pattern}-runner`],
    ...removed('spec.selector.matchLabels', former),
    ...added('spec.selector.matchLabels', labels),
    ...removed('spec.template.metadata.labels', { ...former, pattern }),
    ...added('spec.template.metadata.labels', allLabels),
    // Rolls the pods when what they have read changes.
    ...added('spec.template.metadata.annotations', { 'prism.io/config-hash': 'the hash' }),
    [`${container}.image`]: [`local/${pattern}-runner:1`, `${pattern}-runner:latest`],
    ...added(`${container}.imagePullPolicy`, 'IfNotPresent'),
    ...added(`${container}.env[PRISM_ADMIN_URL]`, {
      name: 'PRISM_ADMIN_URL',
      value: 'http://orders-prism-admin.shop.svc:8981',
    }),
    ...added(`${container}.env[${variable}].valueFrom.secretKeyRef`, {
      name: `orders-${pattern}-runner-config`,
      key: variable,
    }),
    [`${pod}.volumes[config].secret.secretName`]: [`${pattern}-config`, `orders-${pattern}-runner-config`],
    // The file alone: the variables of the Secret are no files.
    ...added(`${pod}.volumes[config].secret.items`, [{ key: 'config.yaml', path: 'config.yaml' }]),
    // The root is read-only.
    ...added(`${container}.volumeMounts[tmp]`, { name: 'tmp', mountPath: '/tmp' }),
    ...added(`${pod}.volumes[tmp]`, { name: 'tmp', emptyDir: { sizeLimit: '128Mi' } }),
    ...added(`${pod}.securityContext`, {
      runAsGroup: 65_534,
      fsGroup: 65_534,
      fsGroupChangePolicy: 'OnRootMismatch',
    }),
    ...added(`${pod}.enableServiceLinks`, false),
    ...added(`${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution`, [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
      },
    ]),
  };
}

const container = (pattern: string) => `${pod}.containers[${pattern}-runner]`;

const intendedDifferences: Readonly<Record<string, Differences>> = {
  'Deployment/consumer-runner': {
    ...intendedOf('consumer', 'Deployment', 'NATS_URL'),
    'spec.minReadySeconds': [5, 15],
    // What Kubernetes would fill in, and then hold against another strategy.
    ...added('spec.strategy', { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } }),
    // NATS has a password here, so the variable comes out of the Secret.
    ...removed(`${container('consumer')}.env[NATS_URL].value`, 'nats://nats:4222'),
    ...added(`${container('consumer')}.resources.limits.cpu`, '250m'),
  },
  'StatefulSet/keyvalue-runner': {
    ...intendedOf('keyvalue', 'StatefulSet', 'REDIS_URL'),
    'spec.serviceName': ['keyvalue-runner', 'orders-keyvalue-runner'],
    ...added('spec', { replicas: 1, minReadySeconds: 15 }),
    ...added(`${container('keyvalue')}.env[REDIS_URL].name`, 'REDIS_URL'),
    ...added(`${container('keyvalue')}.resources`, {
      requests: { cpu: '10m', memory: '32Mi' },
      limits: { cpu: '250m', memory: '128Mi' },
    }),
    // In order, a pod that never becomes ready would keep its own correction waiting.
    ...added('spec.podManagementPolicy', 'Parallel'),
    ...added('spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' }),
  },
};

const inputs: Readonly<Record<string, PatternInput>> = {
  'Deployment/consumer-runner': { name: 'consumer', replicas: 2, backends: ['nats'] },
  'StatefulSet/keyvalue-runner': { name: 'keyvalue', type: 'StatefulSet', backends: ['redis'] },
};

describe('the workload of a runner', () => {
  it.each(Object.entries(workingRunners))(
    'is a %s that differs from the one seen to work only where it is meant to',
    (name, working) => {
      const { workload } = childrenOf(inputs[name] ?? { name }, { hashOf: () => 'the hash' });
      expect(differences(working, desiredOf(workload))).toEqual(intendedDifferences[name]);
    },
  );

  it.each([
    ['keyvalue', 'keyvalue-runner:latest', '-config=/etc/prism/config.yaml'],
    ['producer', 'producer-runner:latest', '-config=/etc/prism/config.json'],
    ['mailbox', 'mailbox-runner:latest', '-config=/etc/prism/config.yaml'],
    ['multicast-registry', 'multicast-registry-runner:latest', '-config=/etc/prism/config.yaml'],
    ['claimcheck', 'claimcheck-runner:latest', '-config=/etc/prism/config.yaml'],
  ])('%s runs %s with %s, and has no ports and no probes', (name, image, argument) => {
    const container = containerOf({ name });
    expect(container).toMatchObject({ name: `${name}-runner`, image, args: [argument] });
    expect(Object.keys(container).filter((key) => /ports|Probe$/.test(key))).toEqual([]);
  });

  it('is that of its runner, under the name of its pattern', () => {
    const input: PatternInput = { name: 'carts', runner: 'keyvalue', backends: ['redis'] };
    expect(namesOf(input)).toEqual(['Secret/orders-carts-runner-config', 'Deployment/orders-carts-runner']);
    expect(containerOf(input)).toMatchObject({ name: 'carts-runner', image: 'keyvalue-runner:latest' });
  });

  it('is told of the proxy, and reads no file, in the profile of the memo', () => {
    const spec: SpecInput = { profile: 'memo035', backends: { nats: {} } };
    const container = containerOf({ name: 'consumer', backends: ['nats'] }, { spec });
    expect(container).toMatchObject({
      imagePullPolicy: 'Never',
      args: ['--proxy-addr=orders-prism-proxy.shop.svc:50051'],
      env: [{ name: 'PRISM_ADMIN_URL', value: 'http://orders-prism-admin.shop.svc:8080' }, { name: 'NATS_URL' }],
    });
    expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });
});

describe('what a pattern consists of', () => {
  const rows: readonly (readonly [string, PatternInput, readonly string[]])[] = [
    [
      'a Deployment',
      { name: 'p', runner: 'producer' },
      ['Secret/orders-p-runner-config', 'Deployment/orders-p-runner'],
    ],
    [
      'a Deployment with a volume',
      { name: 'p', runner: 'producer', storage: {} },
      ['Secret/orders-p-runner-config', 'PersistentVolumeClaim/orders-p-runner-data', 'Deployment/orders-p-runner'],
    ],
    [
      'a StatefulSet, which needs a name for its pods',
      { name: 'p', runner: 'producer', type: 'StatefulSet', storage: {} },
      ['Secret/orders-p-runner-config', 'Service/orders-p-runner', 'StatefulSet/orders-p-runner'],
    ],
    [
      'a runner that nobody knows, which may listen',
      { name: 'p' },
      ['Secret/orders-p-runner-config', 'Service/orders-p-runner', 'Deployment/orders-p-runner'],
    ],
    [
      'a runner that listens',
      { name: 'p', runner: 'consumer', port: 8080 },
      ['Secret/orders-p-runner-config', 'Service/orders-p-runner', 'Deployment/orders-p-runner'],
    ],
  ];
  it.each(rows)('is, of %s, these', (_title, input, names) => {
    expect(namesOf(input)).toEqual(names);
  });

  it('is no Secret where there is nothing in it', () => {
    expect(namesOf({ name: 'p' }, { spec: { profile: 'memo035' } })).toEqual(['Deployment/orders-p-runner']);
    expect(templateOf({ name: 'p' }, { spec: { profile: 'memo035' } }).metadata?.annotations).toBeUndefined();
  });

  it('is reached at its pods, by the port that the resource names', () => {
    const input: PatternInput = { name: 'p', port: 8080 };
    expect(bodyOf(input, 'Service/orders-p-runner')).toMatchObject({
      spec: {
        clusterIP: 'None',
        selector: labelsOf('p'),
        ports: [{ name: 'serves', port: 8080, targetPort: 'serves' }],
      },
    });
    expect(containerOf(input).ports).toEqual([{ name: 'serves', containerPort: 8080 }]);
  });

  it('has the configuration file and what is secret of its variables in one Secret', () => {
    const secret = bodyOf(
      { name: 'c', runner: 'consumer', backends: ['nats', 'minio'] },
      'Secret/orders-c-runner-config',
    );
    expect(Object.keys((secret as Draft<Secret>).data ?? {}).toSorted()).toEqual([
      ...['NATS_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'config.yaml'], // the builder made it
    ]);
  });
});

describe('the files of a pattern', () => {
  const mount = { name: 'data', mountPath: '/data' };
  const rows: readonly (readonly [string, PatternInput, object | undefined])[] = [
    ['none', { name: 'p', runner: 'consumer' }, undefined],
    ['those of a mailbox, for as long as the pod lives', { name: 'mailbox' }, { emptyDir: {} }],
    ['those of sqlite, for as long as the pod lives', { name: 'p', backends: ['sqlite'] }, { emptyDir: {} }],
    [
      'those of a Deployment, on its volume',
      { name: 'mailbox', backends: ['sqlite'], storage: {} },
      { persistentVolumeClaim: { claimName: 'orders-mailbox-runner-data' } },
    ],
  ];
  it.each(rows)('are %s', (_title, input, volume) => {
    const { volumes = [] } = templateOf(input).spec ?? {};
    const wanted = volume === undefined ? [] : [{ name: 'data', ...volume }];
    expect(volumes.filter(({ name }) => name === 'data')).toEqual(wanted);
    expect(containerOf(input).volumeMounts?.filter(({ name }) => name === 'data')).toEqual(
      volume === undefined ? [] : [mount],
    );
  });

  it('are of a StatefulSet on a volume for each pod', () => {
    const input: PatternInput = {
      ...{ name: 'mailbox', type: 'StatefulSet', backends: ['sqlite'] },
      storage: { size: '2Gi', storageClassName: 'fast' },
    };
    expect(bodyOf(input, 'StatefulSet/orders-mailbox-runner')).toMatchObject({
      spec: {
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { storageClassName: 'fast', resources: { requests: { storage: '2Gi' } } },
          },
        ],
      },
    });
    expect(containerOf(input).volumeMounts).toContainEqual(mount);
    expect(childrenOf(input).workload).toMatchObject({ onImmutable: 'orphanAndRecreate', growClaims: true });
  });

  it('are never in the hands of two pods of a Deployment', () => {
    const volume = bodyOf({ name: 'p', storage: {} }, 'Deployment/orders-p-runner');
    expect(volume).toMatchObject({ spec: { strategy: { type: 'Recreate' } } });
    const none = bodyOf({ name: 'p' }, 'Deployment/orders-p-runner');
    expect(none).toMatchObject({ spec: { strategy: { type: 'RollingUpdate' } } });
  });

  it.each([
    ['Retain', true],
    ['Delete', false],
  ] as const)('stay when the pattern goes, by the policy %s: %s', (deletionPolicy, retain) => {
    const [, claim] = objectsOf({ name: 'p', runner: 'consumer', storage: {} }, { spec: { deletionPolicy } });
    expect(claim).toMatchObject({ retain });
    expect(
      bodyOf({ name: 'p', type: 'StatefulSet' }, 'StatefulSet/orders-p-runner', { spec: { deletionPolicy } }),
    ).toMatchObject({
      spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: deletionPolicy, whenScaled: 'Retain' } },
    });
  });

  it('are the business of two workloads of one name, of which each has a volume of its own', () => {
    const claims = (type: 'Deployment' | 'StatefulSet') =>
      namesOf({ name: 'p', type, storage: {} }).filter((name) => name.startsWith('PersistentVolumeClaim'));
    expect([claims('Deployment'), claims('StatefulSet')]).toEqual([['PersistentVolumeClaim/orders-p-runner-data'], []]);
  });
});

describe('the pods of a pattern are restarted', () => {
  const annotationsOf = (input: PatternInput, context?: Context) =>
    templateOf(input, { hashOf: telling, ...context }).metadata?.annotations ?? {};
  const hashFor = (input: PatternInput, context?: Context) => annotationsOf(input, context)['prism.io/config-hash'];
  const consumer: PatternInput = { name: 'consumer', backends: ['nats'] };
  const changed = (kind: Connection['kind'], change: Partial<Connection>) => ({
    connections: someConnections.map((each) => (each.kind === kind ? { ...each, ...change } : each)),
  });

  const restarts: readonly (readonly [string, PatternInput, Context])[] = [
    ['the password of its backend', consumer, changed('nats', { credentials: { username: 'a', password: 'b' } })],
    ['the address of its backend', consumer, changed('nats', { host: 'far' })],
    ['what the resource says', { ...consumer, config: { behavior: { topic: 'orders' } } }, {}],
    ['a password in a variable alone', { name: 'x', runner: 'mailbox', backends: ['minio'] }, {}],
  ];
  it.each(restarts)('when %s changes', (_title, input, context) => {
    expect(hashFor(input, context)).not.toBe(hashFor(consumer));
  });

  it('when a password changes that only a variable holds', () => {
    const mailbox: PatternInput = { name: 'mailbox', backends: ['minio'] };
    const other = changed('minio', { credentials: { rootUser: 'miniouser', rootPassword: 'another' } });
    expect(hashFor(mailbox, other)).not.toBe(hashFor(mailbox));
  });

  const lasts: readonly (readonly [string, PatternInput, Context])[] = [
    ['the password of a backend that it does not use', consumer, changed('redis', { credentials: { password: 'b' } })],
    ['the number of its pods', { ...consumer, replicas: 5 }, {}],
    ['its resources', { ...consumer, resources: { limits: { memory: '1Gi' } } }, {}],
    ['another pattern', consumer, { spec: { backends: allBackends, proxy: { replicas: 3 } } }],
  ];
  it.each(lasts)('by no hash when %s changes', (_title, input, context) => {
    expect(hashFor(input, context)).toBe(hashFor(consumer));
  });

  it('once for each token', () => {
    expect(annotationsOf(consumer, { restartToken: '2026-01-01T00:00:00Z' })['prism.io/restarted-for']).toBe(
      '2026-01-01T00:00:00Z',
    );
    expect(annotationsOf(consumer)).not.toHaveProperty('prism.io/restarted-for');
  });
});

describe('patterns of any kind', () => {
  const backends = fc.subarray(['redis', 'nats', 'postgres', 'minio', 'kafka', 'sqlite'] as const);
  const input = fc.record(
    {
      name: fc.constantFrom('keyvalue', 'consumer', 'producer', 'mailbox', 'multicast-registry', 'claimcheck'),
      type: fc.constantFrom('Deployment', 'StatefulSet'),
      backends: backends.map((list) => [...list]),
      storage: fc.constant({ size: '1Gi' }),
      port: fc.integer({ min: 1024, max: 65_535 }),
    },
    { requiredKeys: ['name', 'type', 'backends'] },
  ) satisfies fc.Arbitrary<PatternInput>;
  const profile = fc.constantFrom('upstream', 'memo035');
  const secrets = [awkward, 'na@ts', 'miniouser'].flatMap((text) => [
    ...[text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), Buffer.from(text).toString('base64')],
  ]);

  it('have pods that are restricted ones', () => {
    fc.assert(
      fc.property(input, profile, (any, profile) => {
        expect(podSecurityViolations(templateOf(any, { spec: { profile, backends: allBackends } }))).toEqual([]);
      }),
    );
  });

  it('have what is secret in Secrets and nowhere else', () => {
    fc.assert(
      fc.property(input, profile, (any, profile) => {
        const objects = objectsOf(any, { spec: { profile, backends: allBackends } }).map(desiredOf);
        const open = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'));
        expect(secrets.filter((secret) => open.includes(secret))).toEqual([]);
      }),
    );
    expect(Object.values(someCredentials).flatMap((each) => Object.values(each))).toEqual(
      expect.arrayContaining([awkward]),
    );
  });

  it('mount and name nothing that is not there', () => {
    fc.assert(
      fc.property(input, profile, (any, profile) => {
        const context = { spec: { profile, backends: allBackends } };
        const names = namesOf(any, context);
        const { volumes = [] } = templateOf(any, context).spec ?? {};
        const container = containerOf(any, context);
        const named = [
          ...volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName])),
          ...(container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
        ];
        expect(named.filter((name) => !names.includes(`Secret/${name}`))).toEqual([]);
        const workload = bodyOf(any, names.at(-1) ?? '', context) as {
          spec?: { volumeClaimTemplates?: Draft<KubeObject>[] };
        }; // it is the last
        const claims = workload.spec?.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? [];
        const available = new Set([...volumes.map(({ name }) => name), ...claims]);
        expect(container.volumeMounts?.filter(({ name }) => !available.has(name)) ?? []).toEqual([]);
      }),
    );
  });

  it('are the same bytes each time', () => {
    fc.assert(
      fc.property(input, (any) => {
        expect(JSON.stringify(objectsOf(structuredClone(any)))).toBe(JSON.stringify(objectsOf(any)));
      }),
    );
  });
});
