import type { KubeClient } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { type ClusterRef, ClusterView } from './cluster-view.ts';
import { noSuchCluster } from './failures.ts';

/**
 * Reads a cluster that must be there.
 * @param withEvents whether events are read as well
 * @throws {UserError} when it is not there: near names
 * @throws {ApiError} when it cannot be read
 */
export async function openCluster(client: KubeClient, ref: ClusterRef, withEvents: boolean): Promise<ClusterView> {
  const view = await ClusterView.open(client, ref, withEvents);
  if (view.objects === undefined) throw noSuchCluster(ref, await otherClusters(client, ref));
  return view;
}

/** As far as they may be seen: everywhere, else in the same namespace. */
async function otherClusters(client: KubeClient, { namespace }: ClusterRef): Promise<readonly ClusterRef[]> {
  const nothing: { readonly items: readonly PrismCluster[] } = { items: [] };
  const { items } = await client
    .list(PrismCluster)
    .catch(() => client.list(PrismCluster, { namespace }))
    .catch(() => nothing);
  return items.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
}
