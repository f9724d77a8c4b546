import { createClient, type KubeClient, type KubeObject, loadKubeConfig, type ResourceType } from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { customResource, k8s, Type } from './index.ts';

const DEFINITIONS: ResourceType<KubeObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

let client: KubeClient;
beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});
afterAll(async () => {
  await client.close();
});

describe('a definition that embeds a Kubernetes type', () => {
  it.each(Object.entries(k8s))('is accepted by the API server, nothing of it dropped: %s', async (_name, field) => {
    const kind = customResource({
      group: 'test.capstan.dev',
      version: 'v1',
      kind: 'Embedding',
      plural: 'embeddings',
      description: 'A kind that embeds one type.',
      spec: Type.Object({ field: (field as typeof k8s.affinity)() }), // all of them take no argument
      status: Type.Object({}),
    });
    const sent = kind.manifest();
    const stored: unknown = await client.create(DEFINITIONS, sent, { dryRun: true, fieldValidation: 'Strict' });
    expect(stored).toMatchObject({ spec: { versions: sent.spec.versions } });
  });
});
