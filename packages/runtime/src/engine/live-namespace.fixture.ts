import {
  ConfigMap,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  type OwnerReference,
  ResourceQuota,
  type ResourceType,
} from '@capstan/kube';

/** A client and a namespace of a suite's own. */
export interface LiveNamespace extends AsyncDisposable {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Two objects that may own others: one of ours, one of somebody else. */
  readonly owners: { readonly ours: OwnerReference; readonly theirs: OwnerReference };
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
  const owners = {
    ours: await createOwner(client, namespace, 'ours'),
    theirs: await createOwner(client, namespace, 'theirs'),
  };
  return {
    client,
    namespace,
    owners,
    async [Symbol.asyncDispose]() {
      await client.delete(Namespace, { name: namespace });
      await client.close();
    },
  };
}

/** An owner must exist: the garbage collector deletes what belongs to nobody. */
async function createOwner(client: KubeClient, namespace: string, name: string): Promise<OwnerReference> {
  const owner = await client.create(ConfigMap as ResourceType, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: owner.metadata.uid ?? '' };
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
