import { ApiError, type Clock, type KubeClient, systemClock } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { UserError } from '../../failure.ts';
import type { ClusterRef } from '../cluster-view.ts';

/** Of the whole wait, in ms. */
const patienceMs = 60_000;
const pollMs = 500;

export interface OrphanOptions {
  /** Called with what it waits for, whenever that changes. */
  readonly onWaiting: (what: string) => void;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Deletes a cluster and leaves its objects; resolves when it is gone, or when the signal aborts.
 * @throws {UserError} when it may not be deleted, has become another one, or is not gone after 60 s: what still holds it
 */
export async function orphan(
  client: Pick<KubeClient, 'get' | 'delete'>,
  cluster: ClusterRef & { readonly uid: string },
  { onWaiting, signal, clock = systemClock }: OrphanOptions,
): Promise<void> {
  const { uid } = cluster;
  await client
    .delete(PrismCluster, cluster, { propagationPolicy: 'Orphan', preconditions: { uid } })
    .catch((error: unknown) => refused(error, cluster));
  const deadline = clock.monotonic() + patienceMs;
  for (let told = ''; !signal.aborted; ) {
    const live = await client.get(PrismCluster, cluster);
    if (live === undefined || live.metadata.uid !== uid) return;
    const holder = holderOf(live);
    if (clock.monotonic() >= deadline) throw new UserError(stuck(cluster, holder));
    if (holder !== told) onWaiting(holder);
    told = holder;
    await clock.sleep(pollMs, signal).catch(() => undefined); // an abort ends the loop
  }
}

function refused(error: unknown, { namespace, name }: ClusterRef): never {
  if (!(error instanceof ApiError)) throw error;
  throw new UserError(`PrismCluster ${namespace}/${name} was not deleted, and nothing has changed: ${error.message}`);
}

function holderOf({ metadata: { finalizers = [] } }: PrismCluster): string {
  const others = finalizers.filter((finalizer) => finalizer !== 'orphan');
  return others.length === 0
    ? 'the garbage collector to let its objects go'
    : `whoever takes off the finalizer ${others.join(', ')}`;
}

function stuck({ namespace, name }: ClusterRef, holder: string): string {
  return `PrismCluster ${namespace}/${name} is not gone after 60 s; it waits for ${holder}. See that the operator and kube-controller-manager run, then run this again: it goes on where it stopped`;
}
