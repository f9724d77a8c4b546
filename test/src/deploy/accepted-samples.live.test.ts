import { fileURLToPath } from 'node:url';
import type { KubeObject, ResourceType } from '@capstan/kube';
import {
  federationController,
  namespaceController,
  PrismCluster,
  PrismFederation,
  PrismNamespace,
  PrismPattern,
  patternController,
  prismController,
} from '@capstan/prism-operator';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { openWorld, readManifests, type World } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBusWorld } from '../streambus/open-bus-world.ts';

const samples = fileURLToPath(new URL('../../../deploy/samples', import.meta.url));
const streambus = await readManifests(`${samples}/streambus`);
const prism = await readManifests(`${samples}/prism`);

/** What is applied as it is, in the namespace of the world. */
async function applied(world: World, kind: ResourceType, sample: KubeObject): Promise<string> {
  const { name } = sample.metadata;
  const { group, version } = kind;
  const object = { ...sample, apiVersion: `${group}/${version}`, metadata: { name, namespace: world.namespace } };
  await world.admin.apply(kind, object, { fieldManager: 'a-user' });
  return name;
}

const of = (kind: ResourceType, among: readonly KubeObject[]) =>
  among.filter((sample) => sample.kind === kind.kind).map((sample) => [sample.metadata.name, sample] as const);

describe('the StreamBus operator', () => {
  let world: World;

  beforeAll(async () => {
    world = await openBusWorld();
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  it.each(of(StreamBusCluster, streambus))('accepts %s', async (_name, sample) => {
    const name = await applied(world, StreamBusCluster, sample);
    await world.untilCondition(StreamBusCluster, name, 'Accepted', 'True');
    await world.delete(StreamBusCluster, name);
  });
});

describe('the Prism operator', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({
      name: 'prism-samples',
      controllers: [
        prismController({ adminMetrics: { ask: () => Promise.reject(new Error('there is nobody')) } }),
        patternController(),
        namespaceController(),
        federationController({ env: {} }),
      ],
    });
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  // A pattern that names no cluster belongs to the only one of its namespace.
  afterEach(async () => {
    for (const { metadata } of await world.list(PrismCluster)) await world.delete(PrismCluster, metadata.name);
    await world.eventually(async () => expect(await world.list(PrismCluster)).toEqual([]));
  });

  it.each(of(PrismCluster, prism))('accepts the cluster %s', async (_name, sample) => {
    const name = await applied(world, PrismCluster, sample);
    await world.untilCondition(PrismCluster, name, 'Accepted', 'True');
  });

  it.each(of(PrismPattern, prism))(
    'accepts the pattern %s, with the cluster that its header names',
    async (_name, sample) => {
      await applied(world, PrismCluster, clusterFor(sample));
      const name = await applied(world, PrismPattern, sample);
      await world.untilCondition(PrismPattern, name, 'ClusterFound', 'True');
      await world.untilCondition(PrismPattern, name, 'Accepted', 'True');
      await world.delete(PrismPattern, name);
    },
  );

  it.each(of(PrismNamespace, prism))(
    'accepts the namespace %s, with the cluster that it names',
    async (_name, sample) => {
      await applied(world, PrismCluster, clusterFor(sample));
      const name = await applied(world, PrismNamespace, sample);
      await world.untilCondition(PrismNamespace, name, 'Accepted', 'True');
      await world.untilCondition(PrismNamespace, name, 'PatternsKnown', 'True');
      await world.delete(PrismNamespace, name);
    },
  );

  it.each(of(PrismFederation, prism))(
    'understands the federation %s, and says which credentials are missing',
    async (_name, sample) => {
      const name = await applied(world, PrismFederation, sample);
      await world.eventually(async () => {
        const { status, spec } = (await world.get(PrismFederation, name)) ?? {};
        const missing = status?.clusters?.map(({ conditions = [] }) =>
          conditions.find(({ type }) => type === 'CredentialsReady'),
        );
        expect(missing?.map((condition) => condition?.reason)).toEqual(
          spec?.clusters.map(({ credentialsSecret }) => (credentialsSecret ? 'SecretMissing' : 'CredentialsMissing')),
        );
      });
      await world.delete(PrismFederation, name);
    },
  );
});

/** The cluster that a sample names, or the document's own. */
function clusterFor(sample: KubeObject): KubeObject {
  const { cluster = 'prism-local' } = 'spec' in sample ? (sample.spec as { readonly cluster?: string }) : {};
  const found = prism.find(({ kind, metadata }) => kind === PrismCluster.kind && metadata.name === cluster);
  if (found === undefined) throw new Error(`no sample is called ${cluster}`);
  return found;
}
