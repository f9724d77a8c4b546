import { ApiError, type KubeClient, type KubeObject, type ResourceType } from '@capstan/kube';
import { prismClusters } from '@capstan/prism-operator';
import type { ClusterRef } from '../cluster-view.ts';
import { appliedAnnotation, instanceLabel, retainedAnnotation } from './marks.ts';

/** An object that belongs to a cluster, or did until a moment ago. */
export interface FormerChild {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Every object of a cluster, of all kinds that its operator makes; contents are never read.
 * @param uid of the cluster; absent where it is gone
 * @throws {ApiError} when a kind may not be listed: an object would be forgotten
 */
export async function formerChildren(
  client: KubeClient,
  cluster: ClusterRef & { readonly uid?: string },
): Promise<readonly FormerChild[]> {
  const { namespace } = cluster;
  const lists = await Promise.all(
    prismClusters.owns.map(async ({ type }) => {
      const { items } = await client.list(type, { namespace, metadataOnly: true }).catch(noneIfAbsent);
      return items
        .filter((object) => isOf(object, cluster))
        .map(({ metadata: { name } }) => ({ type, namespace, name }));
    }),
  );
  return lists.flat();
}

/** A cluster of Kubernetes need not serve every kind that the operator knows. */
function noneIfAbsent(error: unknown): { readonly items: readonly KubeObject[] } {
  if (error instanceof ApiError && error.isNotFound) return { items: [] };
  throw error;
}

/** Whether an object is the cluster's: by its owner, or by the operator's marks where it has none. */
export function isOf(
  { metadata }: KubeObject,
  { name, uid }: { readonly name: string; readonly uid?: string },
): boolean {
  const { ownerReferences = [], annotations = {}, labels = {} } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner !== undefined)
    return owner.kind === 'PrismCluster' && (uid === undefined ? owner.name === name : owner.uid === uid);
  if (annotations[retainedAnnotation] !== undefined) return annotations[retainedAnnotation] === name;
  return annotations[appliedAnnotation] !== undefined && labels[instanceLabel] === name;
}
