import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { KubeClient } from './client.ts';
import { createClient } from './create-client.ts';
import * as kinds from './kinds.ts';
import { loadKubeConfig } from './kubeconfig/index.ts';
import type { ResourceType } from './resource-type.ts';

let client: KubeClient;
beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});
afterAll(async () => {
  await client.close();
});

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

async function served({
  group,
  version,
  plural,
}: ResourceType): Promise<ResourceList['resources'][number] | undefined> {
  const answer = await client.raw(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
  const { resources } = answer as ResourceList; // metav1.APIResourceList, fixed by the API server
  return resources.find(({ name }) => name === plural);
}

it.each(Object.entries(kinds))('%s is served under its path, with its kind and scope', async (_name, type) => {
  expect(await served(type)).toMatchObject({ kind: type.kind, namespaced: type.namespaced });
});
