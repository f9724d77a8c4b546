import { type KubeClient, type ResourceType, systemClock } from '@capstan/kube';

/**
 * Deletes the resources of these kinds in a namespace, so that the namespace can go. Those that finalizers hold are given
 * `patienceMs` for their operator to let them go; without it the finalizers are removed.
 */
export async function leaveEmpty(
  client: KubeClient,
  types: readonly ResourceType[],
  namespace: string,
  patienceMs?: number,
): Promise<void> {
  const deadline = systemClock.monotonic() + (patienceMs ?? 0);
  for (const type of types) {
    for (const held of await heldObjects(client, type, namespace)) {
      await client.delete(type, held);
      if (patienceMs === undefined) await release(client, type, held);
      else
        while ((await client.get(type, held)) !== undefined && systemClock.monotonic() < deadline)
          await systemClock.sleep(50);
    }
  }
}

interface Held {
  readonly namespace: string | undefined;
  readonly name: string;
}

async function heldObjects(client: KubeClient, type: ResourceType, namespace: string): Promise<readonly Held[]> {
  // Cluster-scoped resources may be another world's.
  if (!type.namespaced) return [];
  const { items } = await client.list(type, { namespace, metadataOnly: true });
  return items
    .filter(({ metadata }) => (metadata.finalizers ?? []).length > 0)
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

async function release(client: KubeClient, type: ResourceType, held: Held): Promise<void> {
  if ((await client.get(type, held)) === undefined) return;
  await client.patch(type, held, { kind: 'merge', body: { metadata: { finalizers: null } } });
}
