import {
  ApiError,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { untilServed } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anIngestion, kafkaIngestion } from './a-stage.fixture.ts';
import { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { formerResources } from './api/v1alpha1/former-resources.fixture.ts';
import { refusedSpecs } from './api/v1alpha1/refused-specs.fixture.ts';

const namespace = 'druid-admission';

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as const;
  await client.apply(Namespace, body, { fieldManager: 'admission-test' });
  await client.apply(CustomResourceDefinition, DruidIngestion.manifest(), {
    fieldManager: 'admission-test',
    force: true,
  });
  const { uid: _none, generation: _neither, ...metadata } = anIngestion(kafkaIngestion()).metadata;
  const probe = { ...anIngestion(kafkaIngestion()), metadata: { ...metadata, name: 'probe', namespace } };
  await untilServed(client, DruidIngestion, probe, AbortSignal.timeout(30_000));
});

afterAll(() => client.close());

/** Sends a resource as a user would write it. */
function create(name: string, spec: unknown, dryRun = true): Promise<DruidIngestion> {
  const written = {
    apiVersion: 'druid.apache.org/v1alpha1',
    kind: 'DruidIngestion',
    metadata: { name, namespace },
    spec,
  };
  // Admission is what is tested, so what is sent need not be of the right type.
  return client.create(DruidIngestion, written as unknown as DruidIngestion, { fieldValidation: 'Strict', dryRun });
}

async function refusedFields(request: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected a refusal, not ${String(error)}`);
  return [...new Set(error.causes.map(({ field }) => field))].filter((field) => field !== '<nil>');
}

describe('the API server', () => {
  it.each(formerResources)('takes a resource of the first Druid operator: $title', async ({ spec }) => {
    expect((await create('former', spec)).spec.deletionPolicy).toBe('Terminate');
  });

  it.each(refusedSpecs)('refuses $title, at $path', async ({ spec, path }) => {
    expect(await refusedFields(create('refused', spec))).toEqual([path]);
  });

  it('refuses to move an ingestion to another cluster', async () => {
    await create('moved', kafkaIngestion(), false);
    const patch = { kind: 'merge', body: { spec: { druidCluster: 'other' } } } as const;
    const options = { fieldManager: 'admission-test' };
    const moving = client.patch(DruidIngestion, { namespace, name: 'moved' }, patch, options);
    expect(await refusedFields(moving)).toEqual(['spec.druidCluster']);
  });

  it.each([
    ['in', undefined, { url: 'https://druid.example' }],
    ['out', { url: 'https://druid.example' }, null],
    ['to another Druid', { url: 'https://druid.example' }, { url: 'https://other.example' }],
  ])('refuses to put the address of the Druid %s', async (how, before, endpoint) => {
    const name = `address-${how.length}`;
    await create(name, kafkaIngestion(before === undefined ? {} : { endpoint: before }), false);
    const options = { fieldManager: 'admission-test' };
    const moving = client.patch(
      DruidIngestion,
      { namespace, name },
      { kind: 'merge', body: { spec: { endpoint } } },
      options,
    );
    expect(await refusedFields(moving)).toEqual(['spec.endpoint']);
  });

  it('lets an ingestion that has no address get an authority for its router', async () => {
    await create('verified', kafkaIngestion(), false);
    const body = { spec: { endpoint: { caSecretRef: { name: 'ca' } } } };
    const options = { fieldManager: 'admission-test' };
    const patched = await client.patch(
      DruidIngestion,
      { namespace, name: 'verified' },
      { kind: 'merge', body },
      options,
    );
    expect(patched.spec.endpoint).toEqual({ caSecretRef: { name: 'ca' } });
  });
});
