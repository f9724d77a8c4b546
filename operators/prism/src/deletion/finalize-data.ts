import { PersistentVolumeClaim } from '@capstan/kube';
import type { Finalize, Finalized, Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { dataGoing } from './data-going.ts';
import { formerVolumes } from './former-volumes.ts';
import { isOrphaning } from './orphaning.ts';

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
 * nothing of them was lost until now. Whoever deletes a cluster without its children keeps them all.
 */
async function letGo(cluster: PrismCluster, pass: Pass<PrismCluster>): Promise<Finalized> {
  const left = formerVolumes(cluster, await pass.list(PersistentVolumeClaim));
  if (left.length === 0 || (await isOrphaning(cluster, pass))) return 'Done';
  for (const { namespace, name, uid } of left) await pass.remove(PersistentVolumeClaim, { namespace, name, uid });
  const note = `former volumes of prism-admin go with the cluster: ${left.map(({ name }) => name).join(', ')}`;
  const event = { type: 'Normal', reason: 'FormerVolumesDeleted', action: 'Finalize', note } as const;
  await pass.report({ status: cluster.status ?? {}, events: [event] });
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
