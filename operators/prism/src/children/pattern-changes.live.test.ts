import {
  ApiError,
  createClient,
  Deployment,
  type Draft,
  HorizontalPodAutoscaler,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Secret,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { childName, desiredOf } from '@capstan/runtime';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { allBackends, someConnections } from '../patterns/some-connections.fixture.ts';
import { differences } from '../profiles/differences.fixture.ts';
import { adminChildren } from './admin.ts';
import { patternChildren } from './pattern.ts';
import { proxyChildren } from './proxy.ts';

const namespace = 'prism-changes';
const fieldManager = 'changes-test';
const kinds: readonly ResourceType[] = [
  ...[Deployment, StatefulSet, Service, Secret, PersistentVolumeClaim, PodDisruptionBudget, HorizontalPodAutoscaler],
];
let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as const;
  await client.apply(Namespace, body, { fieldManager });
});

afterAll(() => client.close());

/** Everything but backends that a cluster of that name consists of. */
function bodiesOf(name: string, spec: SpecInput): readonly Draft<KubeObject>[] {
  const cluster = aCluster({ name, spec: { backends: allBackends, ...spec } });
  const patterns = cluster.spec.patterns.map((pattern) =>
    patternChildren(cluster, pattern, { connections: someConnections, hashOf: () => 'hash' }),
  );
  const children = [
    ...adminChildren(cluster, { bootstrapped: 0 }),
    ...proxyChildren(cluster),
    ...patterns.flatMap(({ surroundings, workload }) => [...surroundings, workload]),
  ];
  return children.map((each) => {
    const body = desiredOf(each);
    return { ...body, metadata: { ...body.metadata, namespace } };
  });
}

function typeOf({ kind }: Draft<KubeObject>): ResourceType {
  const type = kinds.find((each) => each.kind === kind);
  if (type === undefined) throw new Error(`no ${kind} is expected`);
  return type;
}

/** Applies all, and gives back what the server refused to take. */
async function refusals(bodies: readonly Draft<KubeObject>[]): Promise<readonly string[]> {
  const answers = bodies.map(async (body) => {
    try {
      await client.apply(typeOf(body), body, { fieldManager, force: true, fieldValidation: 'Strict' });
      return [];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return [`${childName(body)}: ${error.message}`];
    }
  });
  return (await Promise.all(answers)).flat();
}

const consumer = { name: 'consumer', backends: ['nats'] } as const;
const letters = { name: 'letters', runner: 'mailbox', backends: ['sqlite'] } as const;
const everyRunner = ['keyvalue', 'consumer', 'producer', 'mailbox', 'multicast-registry', 'claimcheck'].map((name) => ({
  ...{ name, backends: ['redis' as const, 'nats' as const] },
}));

type Row = readonly [name: string, before: SpecInput, after: SpecInput];

const rows: readonly Row[] = [
  ['a-volume', { patterns: [{ ...letters }] }, { patterns: [{ ...letters, storage: { size: '1Gi' } }] }],
  ['another-profile', { patterns: everyRunner }, { patterns: everyRunner, profile: 'memo035' }],
  ['a-port', { patterns: [{ name: 'claims' }] }, { patterns: [{ name: 'claims', port: 8080 }] }],
  [
    'an-autoscaler',
    { proxy: { replicas: 2 } },
    { proxy: { replicas: 2, autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 9, targetMemory: 70 } } },
  ],
  ['an-image', { patterns: [consumer] }, { patterns: [{ ...consumer, image: 'mine:1', command: ['/x'], args: [] }] }],
  ['a-group', { admin: { replicas: 3 } }, { admin: { replicas: 3, port: 8985 } }],
];

describe('the API server takes', () => {
  it.each(rows)('what a cluster consists of, and %s more or less later on', async (name, before, after) => {
    expect(await refusals(bodiesOf(name, before))).toEqual([]);
    expect(await refusals(bodiesOf(name, after))).toEqual([]);
    expect(await refusals(bodiesOf(name, before))).toEqual([]);
  });

  it('a change of the profile so that nothing of the former one stays', async () => {
    const [before, after]: readonly [SpecInput, SpecInput] = [
      { patterns: everyRunner },
      { patterns: everyRunner, profile: 'memo035' },
    ];
    await refusals(bodiesOf('changed', before));
    await refusals(bodiesOf('changed', after));
    await refusals(bodiesOf('straight', after));
    const specsOf = (name: string) => {
      const deployments = bodiesOf(name, after).filter(({ kind }) => kind === 'Deployment');
      return Promise.all(
        deployments.map(async ({ metadata }) => {
          const found = await client.get(Deployment, { namespace, name: metadata.name ?? '' });
          return JSON.parse(JSON.stringify(found?.spec).replaceAll(name, 'any'));
        }),
      );
    };
    expect(differences(await specsOf('straight'), await specsOf('changed'))).toEqual({});
  });
});
