import { ApiError, type Draft, type KubeClient, type KubeObject, type ResourceType } from '@capstan/kube';
import type { CustomResource } from '../index.ts';

const DEFINITIONS: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Installs a kind and waits until the API server serves it: a sample it must accept is accepted, as a dry run. */
export async function installed<T extends KubeObject>(
  client: KubeClient,
  kind: CustomResource,
  sample: Draft<T>,
): Promise<void> {
  await client.apply(DEFINITIONS, kind.manifest(), { fieldManager: 'test', force: true });
  await accepted(client, kind as ResourceType as ResourceType<T>, sample, true); // the sample says which objects these are
}

/** Waits until the API server accepts (or refuses) a sample; it takes up a changed definition about two seconds later. */
export async function accepted<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  sample: Draft<T>,
  isAccepted: boolean,
): Promise<void> {
  const until = performance.now() + 30_000;
  while ((await accepts(client, type, sample)) !== isAccepted) {
    if (performance.now() > until)
      throw new Error(`${type.plural} were not ${isAccepted ? 'accepted' : 'refused'} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function accepts<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  sample: Draft<T>,
): Promise<boolean | undefined> {
  try {
    await client.create(type, sample, { dryRun: true, fieldValidation: 'Ignore' });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 422 ? false : undefined;
  }
}
