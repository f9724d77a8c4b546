import { fileURLToPath } from 'node:url';
import {
  ApiError,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { readManifests, untilServed } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aCluster } from './a-cluster.fixture.ts';
import { refusedSpecs } from './api/v1alpha1/refused-specs.fixture.ts';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';

const namespace = 'streambus-admission';
const samples = await readManifests(fileURLToPath(new URL('../../../deploy/samples/streambus', import.meta.url)));

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as const;
  await client.apply(Namespace, body, { fieldManager: 'admission-test' });
  const crd = StreamBusCluster.manifest();
  await client.apply(CustomResourceDefinition, crd, { fieldManager: 'admission-test', force: true });
  await untilServed(client, StreamBusCluster, aCluster({ name: 'probe', namespace }), AbortSignal.timeout(30_000));
});

afterAll(() => client.close());

/** Sends a cluster as a user would write it, without its defaults. */
function create(name: string, spec: unknown, options: { dryRun?: boolean } = {}): Promise<StreamBusCluster> {
  const written = {
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    metadata: { name, namespace },
    spec,
  };
  // Admission is what is tested, so what is sent need not be of the right type.
  return client.create(StreamBusCluster, written as unknown as StreamBusCluster, {
    fieldValidation: 'Strict',
    ...options,
  });
}

/** The fields that the API server names when it refuses; `<nil>` stands for rules it did not get to. */
async function refusedFields(request: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected a refusal, not ${String(error)}`);
  return [...new Set(error.causes.map(({ field }) => field))].filter((field) => field !== '<nil>');
}

function specOf(sample: KubeObject): unknown {
  return 'spec' in sample ? sample.spec : undefined;
}

describe('the samples', () => {
  it.each(samples.map((sample) => [sample.metadata.name, sample] as const))(
    '%s is stored with every field it was written with',
    async (_name, sample) => {
      const stored = await create(sample.metadata.name, specOf(sample));
      expect(stored.spec).toMatchObject(specOf(sample) as object);
      expect(stored.spec).toEqual(StreamBusCluster.withDefaults(sample as StreamBusCluster).spec);
    },
  );
});

describe('admission', () => {
  it.each(refusedSpecs)('refuses $title at $path', async ({ name = 'refused', spec, path }) => {
    expect(await refusedFields(create(name, spec, { dryRun: true }))).toEqual([path]);
  });

  it('refuses a field that does not exist, by name', async () => {
    await expect(create('refused', { replica: 3 }, { dryRun: true })).rejects.toThrow('unknown field "spec.replica"');
  });
});

describe('an update of a cluster that has started', () => {
  const name = 'started';
  const edit = (spec: object) =>
    client.patch(StreamBusCluster, { namespace, name }, { kind: 'merge', body: { spec } }, { dryRun: true });

  beforeAll(async () => {
    await create(name, { replicas: 3 });
    const body = { status: { bootstrapReplicas: 3 } };
    await client.patch(StreamBusCluster, { namespace, name }, { kind: 'merge', body }, { subresource: 'status' });
  });

  it.each([
    ['spec.replicas', { replicas: 5 }],
    ['spec.config.grpcPort', { config: { grpcPort: 7000 } }],
    ['spec.storage.class', { storage: { class: 'fast' } }],
    ['spec.storage.size', { storage: { size: '9Gi' } }],
    ['spec.storage.raftSize', { storage: { raftSize: '1Gi' } }],
  ])('is refused where it changes %s', async (field, spec) => {
    expect(await refusedFields(edit(spec))).toEqual([field]);
  });

  it('is carried out where volumes grow', async () => {
    const storage = { size: '20Gi', raftSize: '6Gi' };
    expect((await edit({ storage })).spec).toMatchObject({ storage });
  });

  it('is refused through the scale subresource too, with the reason', async () => {
    await expect(client.setScale(StreamBusCluster, { namespace, name }, 5, { dryRun: true })).rejects.toThrow(
      /spec\.replicas: Forbidden: cannot be changed once the cluster has started: the broker fixes its raft membership/,
    );
  });

  it('is carried out where it changes image, resources, log level or labels', async () => {
    const spec = {
      image: { tag: 'v2' },
      resources: { limits: null },
      config: { logLevel: 'debug' },
      podLabels: { a: 'b' },
    };
    expect((await edit(spec)).spec).toMatchObject({ image: { tag: 'v2' }, config: { logLevel: 'debug' } });
  });

  it('never keeps the operator from writing the status', async () => {
    await create('racing', { replicas: 3 });
    const ref = { namespace, name: 'racing' };
    await client.patch(StreamBusCluster, ref, { kind: 'merge', body: { spec: { replicas: 5 } } });
    const status = { bootstrapReplicas: 3, phase: 'Failed' } as const;
    const written = await client.patch(
      StreamBusCluster,
      ref,
      { kind: 'merge', body: { status } },
      { subresource: 'status' },
    );
    expect([written.status, written.spec.replicas]).toEqual([status, 5]);
  });

  it('lets a user go back out of a spec that is refused, and nowhere else', async () => {
    await create('refused', { replicas: 3, storage: { size: '20Gi' } });
    const ref = { namespace, name: 'refused' };
    const condition = { type: 'Accepted', status: 'False', reason: 'StorageChangeRefused', message: '' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const body = { status: { bootstrapReplicas: 5, conditions } };
    await client.patch(StreamBusCluster, ref, { kind: 'merge', body }, { subresource: 'status' });
    const back = { replicas: 5, storage: { size: '10Gi' } };
    const repaired = await client.patch(StreamBusCluster, ref, { kind: 'merge', body: { spec: back } });
    expect(repaired.spec).toMatchObject(back);
    const away = client.patch(StreamBusCluster, ref, { kind: 'merge', body: { spec: { replicas: 4 } } });
    expect(await refusedFields(away)).toEqual(['spec.replicas']);
  });
});
