import type { JsonObject } from '@capstan/crd';
import { ApiError, type Draft, type KubeClient, type KubeObject, type ObjectRef } from '@capstan/kube';
import { configHash } from '@capstan/resources';
import { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { covers, firstDifference } from './covers.ts';
import { shortened } from './shortened.ts';

/** Who writes PrismClusters in other clusters. */
const federationManager = 'prism-federation';

/** Labels and annotations of what is propagated. */
const nameLabel = 'prism.io/federation';
const uidLabel = 'prism.io/federation-uid';
const regionLabel = 'prism.io/region';
const hashAnnotation = 'prism.io/federation-hash';
/** Set by a person to the federation, as `namespace/name`, that may take over a PrismCluster. */
const adoptAnnotation = 'prism.io/adopted-by-federation';

/** Which federation something belongs to. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** A PrismCluster as it should be in a remote cluster. */
export interface WantedCluster {
  readonly spec: JsonObject;
  readonly region?: string;
}

/** The body that is applied. */
export function bodyOf(
  at: ObjectRef & { readonly namespace: string },
  wanted: WantedCluster,
  owner: Owner,
): Draft<KubeObject> & { readonly spec: JsonObject } {
  const { spec, region } = wanted;
  const labels = {
    [nameLabel]: owner.name,
    [uidLabel]: owner.uid,
    ...(region !== undefined && { [regionLabel]: region }),
  };
  return {
    apiVersion: `${PrismCluster.group}/${PrismCluster.version}`,
    kind: PrismCluster.kind,
    metadata: { ...at, labels, annotations: { [hashAnnotation]: configHash({ spec, labels }) } },
    spec,
  };
}

/** Whether a live PrismCluster is what was applied; the hash tells of fields that are not wanted any more. */
export function isAsWanted(live: PrismCluster, body: ReturnType<typeof bodyOf>): boolean {
  const { labels, annotations } = body.metadata;
  return (
    covers(live.metadata.labels, labels) &&
    covers(live.metadata.annotations, annotations) &&
    covers(live.spec, body.spec)
  );
}

/** What is applied to a cluster over and over, and never seen there: something there changes it. */
export function notKept(live: PrismCluster | undefined, body: ReturnType<typeof bodyOf>): Propagation {
  const field = firstDifference(live?.spec, body.spec, 'spec') ?? 'metadata';
  const message = `What is applied is not kept there, first in ${shortened(field, 256)}: see whether a webhook or an older CRD there changes it`;
  return { is: 'Blocked', reason: 'NotKept', message };
}

/** The hash that tells what was applied. */
export function hashOf({ metadata: { annotations } }: ReturnType<typeof bodyOf>): string {
  return annotations?.[hashAnnotation] ?? '';
}

/** Whether a PrismCluster belongs to this very federation, or may be taken over by it. */
export function isOwned({ metadata }: Pick<KubeObject, 'metadata'>, owner: Owner): boolean {
  if (metadata.labels?.[uidLabel] === owner.uid) return true;
  return metadata.annotations?.[adoptAnnotation] === `${owner.namespace}/${owner.name}`;
}

/** What to do to have somebody else's PrismCluster taken over. */
function howToAdopt(owner: Owner): string {
  return `annotate it with ${adoptAnnotation}=${owner.namespace}/${owner.name} to have it taken over`;
}

/** How it stands with a PrismCluster that is propagated. */
export interface Propagation {
  readonly is: 'InSync' | 'Working' | 'Blocked';
  readonly reason: string;
  readonly message: string;
}

/**
 * Applies a PrismCluster. It is looked at again right before, so that nothing of somebody else's is written to that was made meanwhile.
 * @throws {ApiError} when the server refuses
 */
export async function propagate(
  client: KubeClient,
  body: ReturnType<typeof bodyOf>,
  owner: Owner,
  calls: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Propagation> {
  const { namespace, name = '' } = body.metadata;
  const at = { namespace, name };
  const before = await client.get(PrismCluster, at, { ...calls, metadataOnly: true });
  if (before !== undefined && !isOwned(before, owner)) return notOwned(owner);
  const uid = before?.metadata.uid;
  const exact = { ...body, metadata: { ...body.metadata, ...(uid !== undefined && { uid }) } };
  // The body was checked against the schema, which is where the type comes from.
  const draft = exact as unknown as Draft<PrismCluster>;
  await client.apply(PrismCluster, draft, { ...calls, fieldManager: federationManager, force: before !== undefined });
  return { is: 'Working', reason: 'Applied', message: 'It was applied, and is not seen as it should be yet.' };
}

/** Somebody else has a PrismCluster of that name. */
export function notOwned(owner: Owner): Propagation {
  const message = `A PrismCluster of that name is there already, and does not belong to this federation: ${howToAdopt(owner)}`;
  return { is: 'Blocked', reason: 'NotOwned', message };
}

/** Why a PrismCluster could not be applied. */
export function refused(error: unknown, namespace: string): Propagation {
  if (!(error instanceof ApiError))
    return { is: 'Working', reason: 'NoAnswer', message: 'The API server does not answer.' };
  if (error.status === 404)
    return {
      is: 'Blocked',
      reason: 'NotFound',
      message: `Namespace ${namespace} or the kind PrismCluster is not there: make the namespace, install the CRD`,
    };
  const isTransient = error.status >= 500 || [408, 409, 429].includes(error.status);
  return {
    is: isTransient ? 'Working' : 'Blocked',
    reason: reasonOf(error),
    message: shortened(error.serverMessage, 512),
  };
}

function reasonOf({ reason }: ApiError): string {
  return /^[A-Z][A-Za-z]{0,63}$/.test(reason) ? reason : 'Refused';
}

/**
 * Deletes a PrismCluster that belongs to the federation.
 * @returns whether it is gone, or was never the federation's
 */
export async function withdraw(client: KubeClient, at: ObjectRef, owner: Owner, signal: AbortSignal): Promise<boolean> {
  const calls = { signal, timeoutMs: 10_000 };
  const live = await client.get(PrismCluster, at, { ...calls, metadataOnly: true });
  if (live === undefined || live.metadata.labels?.[uidLabel] !== owner.uid) return true;
  if (live.metadata.deletionTimestamp === undefined)
    await client.delete(PrismCluster, at, { ...calls, preconditions: { uid: live.metadata.uid } });
  return false;
}
