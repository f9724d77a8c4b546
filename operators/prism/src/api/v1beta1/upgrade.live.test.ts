import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ControlPlane, pickPort, startControlPlane } from '@capstan/controlplane';
import {
  CustomResourceDefinition,
  createClient,
  type Draft,
  type KubeClient,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { converting, createLogger, Manager, webhooksFor } from '@capstan/runtime';
import { eventually, installKinds } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patternController } from '../../prism-pattern/controller.ts';
import { PrismCluster } from '../v1alpha1/prism-cluster.ts';
import { FormerPrismPattern } from './former-version.ts';
import { PrismPattern } from './prism-pattern.ts';
import { PrismPatterns } from './prism-patterns.ts';

const namespace = 'upgrade';
const fieldManager = 'a-person';
const run = promisify(execFile);

let plane: ControlPlane;
let client: KubeClient;
const stop = new AbortController();
let ended: Promise<void> = Promise.resolve();

/** The definition that an earlier operator came with: one version, whose fields nobody looks at closely. */
const formerDefinition: Draft<CustomResourceDefinition> = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'prismpatterns.prism.io' },
  spec: {
    group: 'prism.io',
    names: { kind: 'PrismPattern', listKind: 'PrismPatternList', plural: 'prismpatterns', singular: 'prismpattern' },
    scope: 'Namespaced',
    versions: [
      {
        ...{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const stored = {
  apiVersion: 'prism.io/v1alpha1',
  kind: 'PrismPattern',
  metadata: { name: 'events', namespace },
  spec: {
    ...{ pattern: 'producer', backend: 'nats', image: 'producer-runner:1', replicas: 2 },
    backendConfig: { name: 'kafka-production', namespace: 'prism-system' },
    autoscaling: { enabled: true, scaler: 'hpa', minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 75 },
    resources: { requests: { cpu: '1' } },
  },
};

async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(plane.binaries.kubectl, [...args, '--kubeconfig', plane.kubeconfig, '-n', namespace]);
  return stdout;
}

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'none', audit: true });
  const connection = await loadKubeConfig({ path: plane.kubeconfig });
  client = createClient(connection);
  await client.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager },
  );
  await client.apply(CustomResourceDefinition, formerDefinition, { fieldManager: 'an-earlier-operator' });
  await installKinds(client, [PrismCluster]);
  await eventually(() => client.create(FormerPrismPattern, stored as unknown as FormerPrismPattern), {
    timeout: 30_000,
  });

  const url = `https://127.0.0.1:${await pickPort()}`;
  const definition = PrismPatterns.manifest({ url: `${url}/convert` });
  await client.apply(CustomResourceDefinition, definition as CustomResourceDefinition, { fieldManager, force: true });
  const parts = webhooksFor({
    ...{ name: 'prism-operator', namespace: 'default', webhooks: [converting(PrismPatterns)] },
    ...{ bindAddress: new URL(url).host, address: { url } },
  });
  const log = createLogger({ level: 'debug', destination: { write: () => {} } });
  const manager = new Manager({ connection, controllers: [patternController()], log, beside: parts.beside });
  ended = manager.run(stop.signal);
  await eventually(async () => expect(await client.get(PrismPattern, { namespace, name: 'events' })).toBeDefined(), {
    timeout: 60_000,
  });
}, 180_000);

afterAll(async () => {
  stop.abort();
  await ended;
  await client.close();
  await plane.stop();
});

describe('a pattern that an earlier operator stored', () => {
  it('is read in both versions, with nothing of it lost', async () => {
    const found = await client.get(PrismPattern, { namespace, name: 'events' });
    expect(found?.spec).toMatchObject({ type: 'producer', backends: [{ name: 'nats' }], replicas: 2 });
    expect((await client.get(FormerPrismPattern, { namespace, name: 'events' }))?.spec).toEqual(stored.spec);
  });

  it('is driven by the operator, which says what of it has no effect', async () => {
    await eventually(async () => {
      const { conditions = [] } = (await client.get(PrismPattern, { namespace, name: 'events' }))?.status ?? {};
      expect(conditions.find(({ type }) => type === 'ClusterFound')?.reason).toBe('NoClusterInNamespace');
    });
  });

  it('can be read and written by kubectl in either version', async () => {
    await kubectl(
      'patch',
      'prismpatterns.v1alpha1.prism.io',
      'events',
      '--type=merge',
      '-p',
      '{"spec":{"replicas":3}}',
    );
    expect(await kubectl('get', 'prismpatterns.v1beta1.prism.io', 'events', '-o', 'jsonpath={.spec.replicas}')).toBe(
      '3',
    );
    await kubectl(
      'patch',
      'prismpatterns.v1beta1.prism.io',
      'events',
      '--type=merge',
      '-p',
      '{"spec":{"type":"consumer"}}',
    );
    const spec = JSON.parse(
      await kubectl('get', 'prismpatterns.v1alpha1.prism.io', 'events', '-o', 'jsonpath={.spec}'),
    );
    expect(spec).toEqual({ ...stored.spec, replicas: 3, pattern: 'consumer' });
  });

  it('is stored in the new version once it was written, and the old one stays among those that may be stored', async () => {
    const found = await client.get(CustomResourceDefinition, { name: 'prismpatterns.prism.io' });
    expect(found?.status?.storedVersions).toEqual(['v1alpha1', 'v1beta1']);
  });
});
