import type { Container, KubeObject } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { asApplied } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Change, changed, deployedByHand, type Editable } from './by-hand.fixture.ts';
import { clusterYaml, findingLines, secretLines, secretsYaml } from './export-text.ts';
import { type Exported, exportOf } from './exported.ts';

function exported(change?: Change, more?: readonly KubeObject[]): Exported {
  return exportOf(deployedByHand(change, more), 'prism-local');
}

function specOf({ cluster }: Exported) {
  if (cluster === undefined) throw new Error('nothing was exported');
  return cluster.spec;
}

/** What is said of one object, as a person reads it. */
function said({ findings }: Exported, about: string): readonly string[] {
  return findings.filter((each) => each.about === about).map(({ kind, message }) => `${kind}: ${message}`);
}

/** A further workload: the one of this name, under another. */
function copyOf(kind: string, name: string, edit: (copy: Editable) => void): readonly KubeObject[] {
  const found = deployedByHand().workloads.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  const copy = structuredClone(found) as unknown as Editable & KubeObject;
  edit(copy);
  return [copy];
}

const containerOf = ({ spec }: Editable): { -readonly [K in keyof Container]: Container[K] } =>
  spec.template.spec.containers[0];

describe('a deployment by hand', () => {
  const found = exported();

  test('becomes a cluster that is valid, in the namespace of prism-admin', async () => {
    const { cluster } = found;
    expect(cluster?.metadata).toEqual({ name: 'prism-local', namespace: 'prism' });
    const applied = await asApplied(PrismCluster, cluster as unknown as KubeObject, undefined);
    expect(applied).not.toHaveProperty('violations');
  });

  test('keeps the image, args, variables, resources and replicas of each component', () => {
    const { admin, proxy, patterns = [] } = specOf(found);
    expect(admin).toEqual({
      replicas: 1,
      storage: { type: 'sqlite', size: '1Gi', storageClassName: 'local-storage' },
      ...{ image: 'prism-admin:latest', imagePullPolicy: 'Never' },
      resources: { requests: { memory: '128Mi', cpu: '100m' }, limits: { memory: '256Mi', cpu: '500m' } },
    });
    expect(proxy).toMatchObject({
      replicas: 2,
      env: [
        { name: 'RUST_LOG', value: 'info' },
        { name: 'PRISM_ADMIN_URL', value: 'http://prism-admin.prism.svc.cluster.local:8080' },
      ],
      autoscaling: { minReplicas: 2, maxReplicas: 10, targetCPU: 70, targetMemory: 80 },
    });
    expect(patterns.map(({ name, type, replicas, backends }) => [name, type, replicas, backends])).toEqual([
      ['keyvalue', 'StatefulSet', 1, ['redis']],
      ['consumer', 'Deployment', 2, ['nats']],
      ['producer', 'Deployment', 2, ['nats']],
      ['mailbox', 'StatefulSet', 1, ['minio']],
    ]);
    expect(patterns[3]).toMatchObject({
      args: ['--proxy-addr=prism-proxy.prism.svc.cluster.local:50051'],
      env: [{ name: 'S3_ENDPOINT', value: 'http://minio.prism-backends.svc.cluster.local:9000' }],
      storage: { size: '1Gi' },
    });
  });

  test('is taken over by name, selector, claim, autoscaler and Ingress', () => {
    const { adoption, ingress } = specOf(found);
    expect(adoption).toMatchObject({
      podTemplates: 'Keep',
      ...{ autoscaler: 'prism-proxy-hpa', ingress: 'prism-ingress' },
      workloads: expect.arrayContaining([
        {
          component: 'prism-admin',
          name: 'prism-admin',
          selector: { app: 'prism-admin' },
          claim: 'prism-admin-data',
        },
        { component: 'mailbox-runner', name: 'mailbox-runner', selector: { app: 'mailbox-runner' } },
      ]),
    });
    expect(ingress).toMatchObject({ className: 'nginx', host: 'prism.local' });
    expect(said(found, 'Ingress prism/prism-ingress')).toEqual([
      'Differs: it leads further (/admin to prism-admin): that is not in the cluster, and stays',
    ]);
  });

  test('names its backends where they run', () => {
    expect(specOf(found).backends).toEqual({
      redis: { external: { endpoint: 'redis.prism-backends.svc:6379' } },
      nats: { external: { endpoint: 'nats.prism-backends.svc:4222' } },
      minio: {
        external: { endpoint: 'minio.prism-backends.svc:9000', secretRef: { name: 'prism-local-minio-login' } },
      },
    });
  });

  test('names none that no runner uses, for which it would have to wait', () => {
    expect(said(found, 'StatefulSet prism-backends/postgres')).toEqual([
      'LeftAlone: no runner uses it, so it is no backend of the cluster, and runs on; backends.postgres.external.endpoint postgres.prism-backends.svc:5432 would name it',
    ]);
  });

  test('has its logins in the file of Secrets and nowhere else', () => {
    expect(secretsYaml(found.secrets)).toContain('rootPassword: minioadmin');
    const text = [clusterYaml(specless(found), ['prism']), ...findingLines(found.findings)].join('\n');
    expect(text).not.toContain('minioadmin');
    expect(secretLines(found.secrets, undefined).join('\n')).not.toContain('minioadmin');
  });

  test('leaves nothing out, and says what becomes of everything else', () => {
    expect(found.findings.filter(({ kind }) => kind === 'LeftOut')).toEqual([]);
    expect(said(found, 'ConfigMap prism/prism-admin-config')).toEqual([
      'LeftAlone: Deployment/prism-admin reads it, and it stays as it is',
    ]);
    expect(said(found, 'StatefulSet prism-backends/redis')).toEqual([
      'LeftAlone: a backend runs on as it is: the cluster names its address',
    ]);
  });
});

function specless({ cluster }: Exported) {
  if (cluster === undefined) throw new Error('nothing was exported');
  return cluster;
}

const helm = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'prism', 'meta.helm.sh/release-namespace': 'prism' },
};

describe('what is otherwise', () => {
  test.each<[string, string, Change, RegExp]>([
    [
      'a workload of a Helm release is left out',
      'Deployment prism/consumer-runner',
      changed('Deployment', 'consumer-runner', (object) => Object.assign(object.metadata, helm)),
      /^LeftOut: it belongs to the Helm release prism: annotate .*resource-policy=keep/,
    ],
    [
      'a workload of another controller is left out',
      'Deployment prism/consumer-runner',
      changed('Deployment', 'consumer-runner', ({ metadata }) => {
        metadata.ownerReferences = [
          { apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', name: 'orders', uid: 'u', controller: true },
        ];
      }),
      /^LeftOut: PrismPattern\/orders controls it/,
    ],
    [
      'an autoscaler by other metrics is left out',
      'HorizontalPodAutoscaler prism/prism-proxy-hpa',
      changed('HorizontalPodAutoscaler', 'prism-proxy-hpa', ({ spec }) => {
        spec.metrics = [{ type: 'Pods', pods: {} }];
      }),
      /^LeftOut: it goes by Pods; a cluster can say utilisation/,
    ],
    [
      'an autoscaler with a behavior is left out',
      'HorizontalPodAutoscaler prism/prism-proxy-hpa',
      changed('HorizontalPodAutoscaler', 'prism-proxy-hpa', ({ spec }) => {
        spec.behavior = { scaleDown: { stabilizationWindowSeconds: 5 } };
      }),
      /^LeftOut: it has a behavior of its own/,
    ],
    [
      'an autoscaler of a runner is left out',
      'HorizontalPodAutoscaler prism/prism-proxy-hpa',
      changed('HorizontalPodAutoscaler', 'prism-proxy-hpa', ({ spec }) => {
        spec.scaleTargetRef.name = 'consumer-runner';
      }),
      /^LeftOut: it scales a pattern/,
    ],
    [
      'a paused Deployment is told',
      'Deployment prism/prism-proxy',
      changed('Deployment', 'prism-proxy', ({ spec }) => {
        spec.paused = true;
      }),
      /^Differs: it is paused/,
    ],
    [
      'a sidecar is told',
      'Deployment prism/prism-proxy',
      changed('Deployment', 'prism-proxy', ({ spec }) => {
        spec.template.spec.containers.push({ name: 'topaz' });
      }),
      /^Differs: containers beside it stay as they are: topaz$/,
    ],
    [
      'labels of their own are told',
      'Deployment prism/prism-proxy',
      changed('Deployment', 'prism-proxy', ({ spec }) => {
        spec.template.metadata.labels['team'] = 'edge';
      }),
      /^Differs: its pods have labels of their own: team$/,
    ],
    [
      'a selector that is more than labels is left out',
      'Deployment prism/prism-proxy',
      changed('Deployment', 'prism-proxy', ({ spec }) => {
        spec.selector.matchExpressions = [{ key: 'app', operator: 'Exists' }];
      }),
      /^LeftOut: its selector is not made of labels alone/,
    ],
    [
      'a Service that is missing is told',
      'Deployment prism/prism-proxy',
      (object) => (object.kind === 'Service' && object.metadata.name === 'prism-proxy' ? undefined : object),
      /^Differs: no Service leads to it/,
    ],
    [
      'a workload with a single hint is left out',
      'Deployment prism/prism-proxy',
      changed('Deployment', 'prism-proxy', (object) => {
        object.spec.template.metadata.labels = { role: 'edge' };
        object.spec.selector.matchLabels = { role: 'edge' };
        Object.assign(containerOf(object), { name: 'main', image: 'edge:1' });
      }),
      /^LeftOut: only one thing of its name/,
    ],
    [
      'a backend that two runners mean differently is left out',
      'Deployment prism/producer-runner',
      changed('Deployment', 'producer-runner', (object) => {
        containerOf(object).env = [{ name: 'NATS_URL', value: 'nats://other.prism-backends.svc:4222' }];
      }),
      /^LeftOut: runners name several \(nats\.prism-backends\.svc:4222, other\.prism-backends\.svc:4222\)/,
    ],
    [
      'a backend that nobody looked at is told',
      'Deployment prism/producer-runner',
      (object) => {
        if (!object.metadata.name.endsWith('er-runner')) return object;
        containerOf(object as unknown as Editable).env = [{ name: 'NATS_URL', value: 'nats://nats.else.svc:4222' }];
        return object.metadata.name === 'consumer-runner' ? undefined : object;
      },
      /^Differs: it uses nats at nats\.else\.svc:4222: not looked at; --namespace else looks there as well$/,
    ],
  ])('%s', (_title, about, change, expected) => {
    const messages = said(exported(change), about);
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  test('a component on another port says so', () => {
    const found = exported(
      changed('Deployment', 'prism-proxy', (object) => {
        containerOf(object).ports = [{ name: 'grpc', containerPort: 8980 }];
      }),
    );
    expect(specOf(found).proxy).toMatchObject({ port: 8980 });
  });

  test('of two runners of one pattern the one with its name is exported', () => {
    const found = exported(
      undefined,
      copyOf('Deployment', 'consumer-runner', ({ metadata }) => {
        metadata.name = 'consumer-runner-two';
      }),
    );
    expect(specOf(found).patterns).toHaveLength(4);
    expect(said(found, 'Deployment prism/consumer-runner-two')).toEqual([
      'LeftOut: it is consumer-runner as well as Deployment prism/consumer-runner, which bears the name: a cluster has one',
    ]);
  });

  test('of two proxies of which neither has the name none is exported, and a new one is warned of', () => {
    const second = copyOf('Deployment', 'prism-proxy', ({ metadata }) => {
      metadata.name = 'proxy-b';
    });
    const found = exported(
      changed('Deployment', 'prism-proxy', ({ metadata }) => {
        metadata.name = 'proxy-a';
      }),
      second,
    );
    expect(specOf(found).proxy).toBeUndefined();
    expect(said(found, 'Deployment prism/proxy-a')[0]).toContain('and so is Deployment prism/proxy-b');
    expect(said(found, 'prism-proxy of namespace prism')[0]).toContain('applied, it starts a new one');
  });

  test('a password in a URL leaves the variable out, and still tells the backend', () => {
    const found = exported(
      changed('StatefulSet', 'keyvalue-runner', (object) => {
        containerOf(object).env = [{ name: 'REDIS_URL', value: 'redis://:pa/ss@word@redis.prism-backends:6379/0' }];
      }),
    );
    expect(specOf(found).patterns?.[0]).not.toHaveProperty('env');
    expect(specOf(found).backends?.redis).toEqual({
      external: { endpoint: 'redis.prism-backends.svc:6379', secretRef: { name: 'prism-local-redis-login' } },
    });
    expect(found.secrets[0]).toMatchObject({ values: { password: 'pa/ss@word' } });
  });

  test('a database that a runner uses has the login that its server was made with', () => {
    const found = exported(
      changed('Deployment', 'consumer-runner', (object) => {
        containerOf(object).env = [{ name: 'DATABASE_URL', value: 'postgres://postgres.prism-backends.svc/orders' }];
      }),
    );
    expect(specOf(found).backends?.postgres).toEqual({
      database: 'orders',
      external: { endpoint: 'postgres.prism-backends.svc:5432', secretRef: { name: 'prism-local-postgres-login' } },
    });
    expect(found.secrets[0]).toMatchObject({ backend: 'postgres', values: { username: 'prism', password: 'prism' } });
  });

  test('an address that stands elsewhere is that of the one server there is', () => {
    const valueFrom = { configMapKeyRef: { name: 'addresses', key: 'redis' } };
    const found = exported(
      changed('StatefulSet', 'keyvalue-runner', (object) => {
        containerOf(object).env = [{ name: 'REDIS_URL', valueFrom }];
      }),
    );
    expect(specOf(found).backends?.redis?.external?.endpoint).toBe('redis.prism-backends.svc:6379');
    expect(specOf(found).patterns?.[0]?.env).toEqual([{ name: 'REDIS_URL', valueFrom }]);
  });

  test('a login in a Secret of the namespace is referred to where the operator can read it', () => {
    const ref = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: 's3', key } } });
    const found = exported(
      changed('StatefulSet', 'mailbox-runner', (object) => {
        const [endpoint] = containerOf(object).env ?? [];
        const login = [ref('S3_ACCESS_KEY', 'rootUser'), ref('S3_SECRET_KEY', 'rootPassword')];
        containerOf(object).env = [...(endpoint === undefined ? [] : [endpoint]), ...login];
      }),
    );
    expect(specOf(found).backends?.minio?.external?.secretRef).toEqual({ name: 's3' });
    expect(specOf(found).patterns?.[3]?.env).toContainEqual(ref('S3_SECRET_KEY', 'rootPassword'));
  });

  test('where there is nothing of Prism there is no cluster', () => {
    expect(
      exported(({ metadata, ...rest }) => (metadata.namespace === 'prism' ? undefined : { metadata, ...rest })),
    ).toEqual({ cluster: undefined, secrets: [], findings: [] });
  });
});

describe('no credential is ever written but into the file of Secrets', () => {
  const secret = fc.string({ unit: fc.constantFrom(...'aZ09/+=@:%-_.!$ '), minLength: 3, maxLength: 12 });
  const hidden = secret.map((text) => `Zq7${text}7qZ`);
  const variable = fc.oneof(
    fc.record({
      name: fc.constantFrom('REDIS_PASSWORD', 'S3_SECRET_KEY', 'API_TOKEN', 'MINIO_ROOT_USER', 'DB_PASSWD', 'X_APIKEY'),
      value: hidden,
    }),
    fc.record({
      name: fc.constantFrom('REDIS_URL', 'NATS_URL', 'DATABASE_URL', 'S3_ENDPOINT', 'KAFKA_BROKERS', 'CALLBACK'),
      value: hidden.map((text) => `scheme://user:${text}@host.prism-backends.svc:6379/db`),
    }),
    fc.record({
      name: fc.constantFrom('DATABASE_URL', 'SETTINGS', 'REDIS_URL'),
      value: hidden.map((text) => `host=db password=${text}`),
    }),
  );
  const args = hidden.chain((text) =>
    fc.constantFrom([`--password=${text}`], ['--requirepass', text], ['-c', `redis://:${text}@redis:6379`]),
  );
  const places = ['prism-admin', 'prism-proxy', 'keyvalue-runner', 'consumer-runner', 'mailbox-runner', 'postgres'];

  test('from variables, command lines, annotations and what repeats them', () => {
    fc.assert(
      fc.property(
        ...[fc.constantFrom(...places), fc.array(variable, { minLength: 1, maxLength: 5 }), args, hidden],
        (place, env, words, token) => {
          const found = exported((object) => {
            const { metadata, spec } = object as unknown as Editable;
            if (object.kind === 'Ingress') metadata.annotations = { 'example.com/auth-token': token };
            if (metadata.name !== place || spec?.template === undefined) return object;
            metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(env) };
            const repeated = env.map(({ value }, index) => ({ name: `REPEATED_${index}`, value: `again ${value}` }));
            const container = { ...containerOf(object as unknown as Editable), args: words, command: words };
            spec.template.spec.containers = [{ ...container, env: [...env, ...repeated] }];
            return object;
          });
          const written = [
            JSON.stringify(found.cluster),
            clusterYaml(specless(found), ['prism']),
            ...findingLines(found.findings),
            ...secretLines(found.secrets, undefined),
            ...secretLines(found.secrets, 'secrets.yaml'),
          ].join('\n');
          expect(written).not.toContain('Zq7');
        },
      ),
      { numRuns: 300 },
    );
  });
});
