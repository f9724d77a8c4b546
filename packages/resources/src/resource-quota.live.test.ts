import { ApiError, createClient, type KubeClient, loadKubeConfig, type Quantity, ResourceQuota } from '@capstan/kube';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { resourceQuota } from './resource-quota.ts';

let client: KubeClient;
beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});
afterAll(() => client?.close());

/** Whether the API server takes this limit. Nothing is stored. */
async function isTaken(resource: string, limit: Quantity): Promise<boolean> {
  const body: ResourceQuota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { namespace: 'default', name: 'tried' },
    spec: { hard: { [resource]: limit } },
  };
  try {
    await client.create(ResourceQuota, body, { dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.isInvalid || error.status === 400)) return false;
    throw error;
  }
}

function isBuilt(resource: string, limit: Quantity): boolean {
  try {
    resourceQuota({ name: 'tried' }, { hard: { [resource]: limit } });
    return true;
  } catch {
    return false;
  }
}

it.each<readonly [string, Quantity, boolean]>([
  ['cpu', '250m', true],
  ['limits.ephemeral-storage', '1Ei', true],
  ['requests.hugepages-2Mi', '.5Gi', true],
  ['hugepages-1Gi', '1.', true],
  ['requests.nvidia.com/gpu', 1, true],
  ['gold.storageclass.storage.k8s.io/requests.storage', '5e3', true],
  ['count/deployments.apps', '1k', true],
  ['services.loadbalancers', '2000m', true],
  ['resourcequotas', 0, true],
  ['storage', '1Gi', false],
  ['limits.storage', '1Gi', false],
  ['requests.pods', 1, false],
  ['count/', 1, false],
  ['no such', 1, false],
  ['memory', '8GB', false],
  ['memory', '1 Gi', false],
  ['memory', '-1Gi', false],
  ['pods', '500m', false],
  ['pods', 1.5, false],
  ['count/jobs.batch', '1.0001k', false],
])('a quota of %s: %s is built exactly when the API server takes it', async (resource, limit, isFine) => {
  expect([await isTaken(resource, limit), isBuilt(resource, limit)]).toEqual([isFine, isFine]);
});
