import { ApiError, type KubeClient } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { UserError } from '../../failure.ts';
import { interruptedExitCode, listenForInterrupt } from '../../terminal/interrupt.ts';
import { formatTable } from '../../terminal/table.ts';
import type { ClusterRef } from '../cluster-view.ts';
import { openCluster } from '../open-cluster.ts';
import { at, type PlaceOptions } from '../place.ts';
import { confirm } from './confirm.ts';
import { type FormerChild, formerChildren } from './former-children.ts';
import { giveBack } from './give-back.ts';
import { orphan } from './orphan.ts';

export interface ReleaseOptions extends Pick<PlaceOptions, 'kubeconfig' | 'context' | 'namespace'> {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * Deletes a cluster and gives back, running and unowned, what it consists of. After an interruption it goes on where it stopped.
 * @returns the exit code: 0, 1 when something could not be given back, 130 after Ctrl-C
 * @throws {UserError} when it cannot be done: why, and what to do
 */
export function release(name: string, options: ReleaseOptions): Promise<number> {
  return at(options, async ({ client, namespace }) => {
    const ref = { namespace, name };
    const cluster = await client.get(PrismCluster, ref);
    if (cluster !== undefined) refuseUnsafe(cluster, ref);
    const uid = cluster?.metadata.uid;
    const children = await formerChildren(client, { ...ref, ...(uid !== undefined && { uid }) }).catch(asMissingRight);
    if (uid === undefined && children.length === 0) await openCluster(client, ref, false); // says what there is instead
    announce(ref, children, uid !== undefined);
    if (options.dryRun === true) return 0;
    if (options.yes !== true && !(await confirm('Go on?'))) return 1;
    return carryOut(client, { ...ref, ...(uid !== undefined && { uid }) }, children);
  });
}

/** A cluster whose data would go with it, or whose objects are going already. */
function refuseUnsafe({ spec, metadata }: PrismCluster, { namespace, name }: ClusterRef): void {
  if (spec.deletionPolicy === 'Delete')
    throw new UserError(
      `PrismCluster ${namespace}/${name} has deletionPolicy Delete, so its data could go with it: kubectl patch prismcluster ${name} -n ${namespace} --type merge -p '{"spec":{"deletionPolicy":"Retain"}}', then run this again`,
    );
  if (metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes('orphan') !== true)
    throw new UserError(
      `PrismCluster ${namespace}/${name} is being deleted already, and its objects with it: they cannot be given back`,
    );
}

function asMissingRight(error: unknown): never {
  if (error instanceof ApiError && error.status === 403)
    throw new UserError(`${error.message}: without listing every kind of a cluster some of it could be forgotten`);
  throw error;
}

function announce({ namespace, name }: ClusterRef, children: readonly FormerChild[], isThere: boolean): void {
  console.log(
    isThere
      ? `PrismCluster ${namespace}/${name} is deleted, and these stay as they are, owned by nobody:`
      : `PrismCluster ${namespace}/${name} is gone, and these still bear marks of its operator:`,
  );
  for (const { type, name: child } of children) console.log(`  ${type.kind}/${child}`);
}

async function carryOut(
  client: KubeClient,
  cluster: ClusterRef & { readonly uid?: string },
  children: readonly FormerChild[],
): Promise<number> {
  const signal = listenForInterrupt();
  const { uid } = cluster;
  if (uid !== undefined)
    await orphan(client, { ...cluster, uid }, { signal, onWaiting: (what) => console.error(`waiting for ${what}`) });
  const rows: string[][] = [];
  let failed = 0;
  for (const child of children) {
    if (signal.aborted) break;
    const outcome = await giveBack(client, child, cluster.name).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      failed++;
      return `not given back: ${error.message}`;
    });
    rows.push([child.type.kind, child.name, outcome]);
  }
  console.log(formatTable(['KIND', 'NAME', 'OUTCOME'], rows));
  if (signal.aborted) {
    console.error(`interrupted: prismctl kubernetes release ${cluster.name} -n ${cluster.namespace} goes on`);
    return interruptedExitCode;
  }
  return failed > 0 ? 1 : 0;
}
