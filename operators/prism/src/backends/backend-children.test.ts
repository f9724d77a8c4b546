import type { KubeObject, PodTemplateSpec, Probe, Service, StatefulSet } from '@capstan/kube';
import { podSecurityViolations, secretHash } from '@capstan/resources';
import { childName, desiredOf, type StepObject } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { aClusterWith, someCredentials } from './a-cluster.fixture.ts';
import { backendChildren } from './backend-children.ts';
import { type BackendKind, backendKinds } from './backend-kind.ts';
import type { Credentials } from './credentials.ts';
import { Children, environmentOf } from './kubelet.fixture.ts';

type Backends = Parameters<typeof aClusterWith>[0];

const hashOf = (secrets: Readonly<Record<string, string>>) => secretHash(Buffer.alloc(32, 7), secrets);

function stepOf(kind: BackendKind, backends: Backends, credentials: Credentials = someCredentials[kind]) {
  return backendChildren(kind, aClusterWith(backends), { credentials, hashOf });
}

const childrenOf = (...asked: Parameters<typeof stepOf>) => stepOf(...asked).objects;
const namesOf = (objects: readonly StepObject[]) => objects.map((item) => childName(desiredOf(item)));
const setOf = (kind: BackendKind, backends: Backends, credentials?: Credentials) =>
  new Children(childrenOf(kind, backends, credentials)).statefulSet(`orders-${kind}`);

/** Everything a cluster may say of backends, as far as it changes what they are made of. */
const anyBackends = fc
  .record({
    replicas: fc.constantFrom(1, 3, 5),
    storage: fc.option(fc.constantFrom('1Gi', '20Gi'), { nil: undefined }),
    auth: fc.constantFrom('Password' as const, 'None' as const),
    mode: fc.constantFrom('KRaft' as const, 'ZooKeeper' as const),
    existingSecret: fc.option(fc.constant('mine'), { nil: undefined }),
    version: fc.option(fc.constantFrom('latest', '3.7.1'), { nil: undefined }),
  })
  .map(({ replicas, storage, auth, mode, existingSecret, version }): NonNullable<Backends> => {
    const common = {
      ...(storage !== undefined && { storage }),
      ...(existingSecret !== undefined && { existingSecret }),
      ...(version !== undefined && { version }),
    };
    const single = { ...common, replicas: 1 };
    const several = { ...common, replicas };
    return { redis: { ...single, auth }, nats: several, postgres: single, minio: single, kafka: { ...several, mode } };
  });

describe('whatever a cluster says of its backends', () => {
  const anyKind = fc.constantFrom(...backendKinds);

  it('no secret is in a child that is no Secret', () => {
    fc.assert(
      fc.property(anyKind, anyBackends, (kind, backends) => {
        for (const body of childrenOf(kind, backends)
          .map(desiredOf)
          .filter((each) => each.kind !== 'Secret'))
          expect(JSON.stringify(body), childName(body)).not.toContain('Xq7');
      }),
    );
  });

  it('its pods are restricted, get no token, and write to no root', () => {
    fc.assert(
      fc.property(anyKind, anyBackends, (kind, backends) => {
        for (const { spec } of setsOf(childrenOf(kind, backends))) {
          const template: PodTemplateSpec = spec?.template ?? {};
          expect(podSecurityViolations(template)).toEqual([]);
          expect(template.spec?.automountServiceAccountToken).toBe(false);
          expect(template.spec?.securityContext?.runAsUser).toBeGreaterThan(0);
          expect(template.spec?.containers.map((each) => each.securityContext?.readOnlyRootFilesystem)).toEqual([true]);
        }
      }),
    );
  });

  it('every volume that is mounted is there, and every volume that is there is mounted', () => {
    fc.assert(
      fc.property(anyKind, anyBackends, (kind, backends) => {
        for (const { spec } of setsOf(childrenOf(kind, backends))) {
          const mounted = spec?.template.spec?.containers[0]?.volumeMounts?.map(({ name }) => name) ?? [];
          const given = [
            ...(spec?.template.spec?.volumes ?? []).map(({ name }) => name),
            ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name),
          ];
          expect([...new Set(mounted)].sort()).toEqual(given.sort());
        }
      }),
    );
  });

  it('all children bear the labels that its Services and budgets look for', () => {
    fc.assert(
      fc.property(anyKind, anyBackends, (kind, backends) => {
        const objects = childrenOf(kind, backends);
        const pods = setsOf(objects).map(({ spec }) => spec?.template.metadata?.labels ?? {});
        for (const { spec } of objects.map(desiredOf).filter(isService)) {
          const selector = Object.entries(spec?.selector ?? {});
          expect(pods.filter((labels) => selector.every(([key, value]) => labels[key] === value))).toHaveLength(1);
        }
      }),
    );
  });
});

function isService(object: KubeObject | ReturnType<typeof desiredOf>): object is Service {
  return object.kind === 'Service';
}

function setsOf(objects: readonly StepObject[]): readonly StatefulSet[] {
  const named = objects.map(desiredOf).filter(({ kind }) => kind === 'StatefulSet');
  return named.map(({ metadata }) => new Children(objects).statefulSet(metadata.name ?? '').set);
}

describe('the children of a backend', () => {
  it.each([
    ['redis', {}, ['Secret/orders-redis-config']],
    ['nats', {}, ['Secret/orders-nats-config']],
    ['postgres', {}, []],
    ['minio', {}, []],
    ['kafka', {}, []],
  ] as const)('%s are its servers, Services, a budget and what the servers read', (kind, backend, files) => {
    const name = `orders-${kind}`;
    expect(namesOf(childrenOf(kind, { [kind]: backend }))).toEqual([
      ...files,
      ...[`Service/${name}`, `Service/${name}-headless`, `PodDisruptionBudget/${name}`, `StatefulSet/${name}`],
    ]);
  });

  it('of a Kafka with a ZooKeeper are first those of the ZooKeeper', () => {
    const objects = childrenOf('kafka', { kafka: { mode: 'ZooKeeper', replicas: 3 } });
    expect(namesOf(objects).filter((name) => name.startsWith('StatefulSet'))).toEqual([
      'StatefulSet/orders-zookeeper',
      'StatefulSet/orders-kafka',
    ]);
    expect(new Children(objects).files('ConfigMap', 'orders-zookeeper-config')['zoo.cfg']).toContain(
      'server.3=orders-zookeeper-3.orders-zookeeper-headless.shop.svc:2888:3888',
    );
    expect(new Children(objects).files('ConfigMap', 'orders-kafka-config')['server.properties']).toContain(
      'zookeeper.connect=orders-zookeeper-1.orders-zookeeper-headless.shop.svc:2181,',
    );
  });

  it.each(backendKinds)('of a %s that is elsewhere, disabled or not asked for are none', (kind) => {
    const external = { endpoint: 'db.example.org:1', secretRef: { name: 's' } };
    expect(stepOf(kind, { [kind]: { external } })).toEqual({ name: kind, objects: [] });
    expect(stepOf(kind, { [kind]: { enabled: false } })).toEqual({ name: kind, objects: [] });
    expect(stepOf(kind, {})).toEqual({ name: kind, objects: [] });
  });
});

describe('the volume of a backend', () => {
  it.each([
    ['redis', {}, '1Gi'],
    ['redis', { storage: '5Gi' }, '5Gi'],
    ['nats', {}, undefined],
    ['nats', { storage: '2Gi' }, '2Gi'],
    ['postgres', {}, '1Gi'],
    ['minio', { storage: '5Gi', storageClassName: 'fast' }, '5Gi'],
    ['kafka', {}, '1Gi'],
  ] as const)('%s %j has %s', (kind, backend, size) => {
    const { set } = setOf(kind, { [kind]: backend });
    const [claim] = set.spec?.volumeClaimTemplates ?? [];
    expect(claim?.spec?.resources?.requests?.['storage']).toBe(size);
    expect(claim?.spec?.storageClassName).toBe('storageClassName' in backend ? backend.storageClassName : undefined);
  });

  it('stays when the cluster goes, unless its data is to go too', () => {
    const policyOf = (deletionPolicy: 'Retain' | 'Delete') => {
      const cluster = aClusterWith({ redis: {} }, { deletionPolicy });
      const { objects } = backendChildren('redis', cluster, { credentials: someCredentials.redis, hashOf });
      return new Children(objects).statefulSet('orders-redis').set.spec?.persistentVolumeClaimRetentionPolicy;
    };
    expect(policyOf('Retain')).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    expect(policyOf('Delete')).toEqual({ whenDeleted: 'Delete', whenScaled: 'Retain' });
  });
});

describe('the pods of a backend are rolled', () => {
  const hashIn = (...asked: Parameters<typeof setOf>) =>
    setOf(...asked).set.spec?.template.metadata?.annotations?.['prism.io/config-hash'];

  it.each(backendKinds)('when what opens %s changes', (kind) => {
    const backends = { [kind]: {} };
    const [first] = Object.keys(someCredentials[kind]);
    const others = { ...someCredentials[kind], [first ?? '']: 'something-else-entirely' };
    expect(hashIn(kind, backends)).toBe(hashIn(kind, backends));
    expect(hashIn(kind, backends, others)).not.toBe(hashIn(kind, backends));
  });

  it('and not when a Secret of the user has something else in it', () => {
    const backends = { postgres: { existingSecret: 'mine' } };
    const more = { ...someCredentials.postgres, note: 'for somebody else' };
    expect(hashIn('postgres', backends, more)).toBe(hashIn('postgres', backends));
    const [, , credentials] = setOf('postgres', backends, more).pod.volumes ?? [];
    expect(credentials?.secret).toEqual({
      secretName: 'mine',
      items: [
        { key: 'username', path: 'username' },
        { key: 'password', path: 'password' },
      ],
    });
  });

  it('when a file that they read changes, and not when a volume grows', () => {
    expect(hashIn('nats', { nats: { replicas: 3 } })).not.toBe(hashIn('nats', { nats: {} }));
    expect(hashIn('nats', { nats: { storage: '1Gi' } })).not.toBe(hashIn('nats', { nats: {} }));
    expect(hashIn('nats', { nats: { storage: '1Gi' } })).toBe(hashIn('nats', { nats: { storage: '2Gi' } }));
  });
});

test('what a cluster says of a backend is in its pods', () => {
  const redis = {
    ...{ image: 'mirror/redis:1', imagePullPolicy: 'Always' as const, pullSecrets: ['login'] },
    ...{ nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'db', operator: 'Exists' as const }] },
    ...{ podLabels: { team: 'shop' }, podAnnotations: { note: 'mine' }, resources: { requests: { cpu: '1' } } },
  };
  const { pod, container, set } = setOf('redis', { redis });
  expect(container).toMatchObject({ image: 'mirror/redis:1', imagePullPolicy: 'Always', resources: redis.resources });
  expect(pod).toMatchObject({ imagePullSecrets: [{ name: 'login' }], nodeSelector: redis.nodeSelector });
  expect(pod.tolerations).toEqual(redis.tolerations);
  expect(set.spec?.template.metadata).toMatchObject({ labels: { team: 'shop' }, annotations: { note: 'mine' } });
});

test.each([
  [{}, 70],
  [{ version: '16' }, 999],
  [{ version: '15-alpine3.20' }, 70],
  [{ image: 'mirror/postgres:16-bookworm' }, 999],
  [{ image: 'mirror/pg:16', runAsUser: 1001 }, 1001],
] as const)('postgres %j runs as the user of that image, %d', (postgres, uid) => {
  const { pod } = setOf('postgres', { postgres });
  expect(pod.securityContext).toMatchObject({ runAsUser: uid, runAsGroup: uid, fsGroup: uid });
});

test('a server keeps the version that it was made with, unless the cluster names one, and so does the user of its image', () => {
  const made = { postgres: { version: '15.1' }, zookeeper: { version: '3.7.0' }, kafka: { version: '3.6.0' } };
  const podOf = (kind: 'postgres' | 'kafka', backends: Backends, server: string = kind) => {
    const options = { credentials: someCredentials[kind], hashOf, made };
    const children = new Children(backendChildren(kind, aClusterWith(backends), options).objects);
    const { pod, container } = children.statefulSet(`orders-${server}`);
    return [container.image, pod.securityContext?.runAsUser];
  };
  expect(podOf('postgres', { postgres: {} })).toEqual(['postgres:15.1', 999]);
  expect(podOf('postgres', { postgres: { version: '15.2-alpine' } })).toEqual(['postgres:15.2-alpine', 70]);
  const kafka: Backends = { kafka: { mode: 'ZooKeeper', runAsUser: 2000 } };
  expect(podOf('kafka', kafka)).toEqual(['apache/kafka:3.6.0', 2000]);
  expect(podOf('kafka', kafka, 'zookeeper')).toEqual(['zookeeper:3.7.0', 1000]);
});

describe('a Kafka', () => {
  const variablesOf = (replicas: number, index: number) => {
    const cluster = aClusterWith({ kafka: { replicas } });
    const { objects } = backendChildren('kafka', cluster, { credentials: someCredentials.kafka, hashOf });
    const { container } = new Children(objects).statefulSet('orders-kafka');
    const secret = { kind: 'Secret', metadata: { name: 'orders-kafka-credentials' }, data: { clusterId: 'aWQ=' } };
    const found = new Children([...objects, { apiVersion: 'v1', ...secret }]);
    return environmentOf(container, { name: `orders-kafka-${index}`, index }, found);
  };

  it('of three brokers has three controllers, and three copies of what it is told', () => {
    expect(variablesOf(3, 2)).toMatchObject({
      CLUSTER_ID: 'id',
      KAFKA_NODE_ID: '2',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://orders-kafka-2.orders-kafka-headless.shop.svc:9092',
      KAFKA_CONTROLLER_QUORUM_VOTERS: [0, 1, 2]
        .map((each) => `${each}@orders-kafka-${each}.orders-kafka-headless.shop.svc:9093`)
        .join(','),
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '3',
      KAFKA_MIN_INSYNC_REPLICAS: '2',
    });
  });

  it.each([
    [1, '1', '1'],
    [3, '3', '2'],
    [5, '3', '2'],
  ])('of %d brokers keeps %s copies, of which %s must have a record', (replicas, copies, taken) => {
    expect(variablesOf(replicas, 0)).toMatchObject({
      KAFKA_DEFAULT_REPLICATION_FACTOR: copies,
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: copies,
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: taken,
    });
  });
});

describe('a backend is waited for', () => {
  const backends = { kafka: { mode: 'ZooKeeper' as const, replicas: 3 } };
  const { objects, waitingFor } = stepOf('kafka', backends);
  const live = (ready: Readonly<Record<string, number>>) =>
    waitingFor?.((item) => {
      const { name = '' } = desiredOf(item).metadata;
      const readyReplicas = ready[name];
      if (readyReplicas === undefined) return undefined;
      const { set } = new Children(objects).statefulSet(name);
      return {
        ...{ ...set, metadata: { ...set.metadata, generation: 1 } },
        status: { observedGeneration: 1, replicas: 3, readyReplicas, updatedReplicas: 3 },
      };
    });

  it('until it is there', () => {
    expect(live({})).toEqual({
      reason: 'Absent',
      message: 'zookeeper: StatefulSet/orders-zookeeper does not exist yet',
    });
  });

  it('until all of its pods are ready, those first that the others need', () => {
    expect(live({ 'orders-zookeeper': 1, 'orders-kafka': 0 })?.message).toBe('zookeeper: 1 of 3 pods are ready');
    expect(live({ 'orders-zookeeper': 3, 'orders-kafka': 2 })).toEqual({
      reason: 'BackendNotReady',
      message: 'kafka: 2 of 3 pods are ready',
    });
    expect(live({ 'orders-zookeeper': 3, 'orders-kafka': 3 })).toBeUndefined();
  });
});

describe('a redis that cannot write to its disk', () => {
  const children = new Children(childrenOf('redis', { redis: {} }));
  const { startupProbe, livenessProbe, readinessProbe } = children.statefulSet('orders-redis').container;
  const patternIn = (probe: Probe | undefined) => /grep -qE '(.*)'/.exec(probe?.exec?.command?.at(-1) ?? '')?.[1] ?? '';

  it.each([
    ['PONG', true],
    ['LOADING Redis is loading the dataset in memory', false],
    ['MISCONF Redis is configured to save RDB snapshots', false],
    ['BUSY Redis is busy running a script', false],
  ])('is alive by whatever it answers, as by %s, and ready by one answer', (answer, isReady) => {
    const matches = [startupProbe, livenessProbe, readinessProbe].map((probe) =>
      new RegExp(patternIn(probe)).test(answer),
    );
    expect(matches).toEqual([true, true, isReady]);
  });

  it('is not alive without an answer', () => {
    expect([startupProbe, livenessProbe].map((probe) => new RegExp(patternIn(probe)).test(''))).toEqual([false, false]);
  });

  it('takes no snapshots, which would stop all writes when one fails', () => {
    expect(children.files('Secret', 'orders-redis-config')['redis.conf']).toContain('\nsave ""\n');
  });
});
