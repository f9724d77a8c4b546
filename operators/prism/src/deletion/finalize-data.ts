import { PersistentVolumeClaim } from '@capstan/kube';
import type { Finalize, Finalized, Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminClaimsAmong } from '../children/admin-claims.ts';
import { dataGoing } from './data-going.ts';

/**
 * Holds a cluster whose data is to go with it until its policy was read once more: `Retain` may have been set while the operator
 * was away, or in a spec that is refused. It is on no other cluster, and asks nobody but the API server.
 */
export const dataFinalizer: Finalize<PrismCluster> = {
  finalizer: 'prism.io/data',
  isWanted: (cluster) => goesWith(cluster),
  run: (cluster, pass) => (goesWith(cluster) ? letGo(cluster, pass) : keep(cluster, pass)),
};

/** A spec that lost its shape or its defaults asks for nothing to be deleted. */
function goesWith({ spec }: { readonly spec?: { readonly deletionPolicy?: string } }): boolean {
  return spec?.deletionPolicy === 'Delete';
}

/**
 * What has an owner goes with the cluster. The volumes of a prism-admin before it was bootstrapped anew have none, so that
 * nothing of them was lost until now.
 */
async function letGo(cluster: PrismCluster, pass: Pass<PrismCluster>): Promise<Finalized> {
  const claims = await pass.list(PersistentVolumeClaim);
  const names = adminClaimsAmong(
    cluster,
    claims.map(({ metadata: { name } }) => name),
  ).map(({ name }) => name);
  for (const { metadata } of claims) {
    const { name, namespace, uid, deletionTimestamp, ownerReferences = [] } = metadata;
    const isLeft = names.includes(name) && ownerReferences.length === 0 && deletionTimestamp === undefined;
    if (isLeft && uid !== undefined) await pass.remove(PersistentVolumeClaim, { namespace, name, uid });
  }
  return 'Done';
}

/** Once more until nothing is left that would go. */
async function keep(cluster: PrismCluster, pass: Pass<PrismCluster>): Promise<Finalized> {
  const going = await dataGoing(cluster, pass);
  if (going.objects.length === 0 && going.waitsFor.length === 0) return 'Done';
  const outcome = await pass.apply({ steps: [{ name: 'data', objects: going.objects }], retained: () => true });
  const [failure] = outcome.failures;
  const message =
    failure?.message ?? `its deletionPolicy is Retain, and these are told to stay: ${going.waitsFor.join(', ')}`;
  return { waitingFor: { reason: failure?.reason ?? 'DataStays', message }, recheckAfterMs: 1_000 };
}
