import {
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  ResourceQuota,
  type ResourceType,
} from '@capstan/kube';

/** A client and a namespace of a suite's own. */
export interface LiveNamespace extends AsyncDisposable {
  readonly client: KubeClient;
  readonly namespace: string;
}

/**
 * A namespace in which pods cannot be created: the status writes of the controllers are wanted in these suites, and their
 * pods are not.
 */
export async function openNamespace(kubeconfig: string, prefix: string): Promise<LiveNamespace> {
  const client = createClient(await loadKubeConfig({ path: kubeconfig }), { userAgent: prefix });
  const namespace = `${prefix}-${process.pid}-${Date.now().toString(36)}`;
  await client.create(Namespace as ResourceType, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'no-pods', namespace },
    spec: { hard: { pods: '0' } },
  };
  await client.create(ResourceQuota as ResourceType, quota);
  return {
    client,
    namespace,
    async [Symbol.asyncDispose]() {
      await client.delete(Namespace, { name: namespace });
      await client.close();
    },
  };
}

/** Runs every item, at most `concurrency` at a time; results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await run(item, index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
