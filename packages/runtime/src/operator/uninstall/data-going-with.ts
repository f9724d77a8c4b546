import { type KubeObject, PersistentVolumeClaim, type ResourceType, Secret, StatefulSet } from '@capstan/kube';
import type { OwnedKind } from '../../controller/reconciler.ts';
import { holdsData } from '../../engine/holds-data.ts';
import type { HeldResource } from './held-resources.ts';
import type { UninstalledController, Uninstalling } from './uninstall-options.ts';

/**
 * What holds data and would be collected with a resource that is being deleted, once no finalizer holds it any more; nothing
 * for one that stays. Whether it is to go is for the operator to say, which knows the policy of the resource.
 */
export async function dataGoingWith(held: HeldResource, uninstalling: Uninstalling): Promise<readonly string[]> {
  const { resource, finalizers, controller } = held;
  const { deletionTimestamp, finalizers: all = [], uid = '' } = resource.metadata;
  if (deletionTimestamp === undefined || all.length > finalizers.length) return [];
  const found = await childrenOf(resource, dataKindsOf(controller), uninstalling);
  const going = new Set([uid]);
  // A claim may belong to a StatefulSet, which belongs to the resource.
  for (const { object } of found) if (isOwnedBy(object, going)) going.add(object.metadata.uid ?? '');
  return found
    .filter(({ type, object }) => isData(type) && isOwnedBy(object, going))
    .map(({ type, object }) => `${type.kind} ${object.metadata.name}`);
}

/** Kinds of data that a controller may have made, those that may own them first. */
export function dataKindsOf({ owns }: Pick<UninstalledController, 'owns'>): readonly ResourceType[] {
  const types = owns.filter(({ optional }: OwnedKind) => optional !== true).map(({ type }) => type);
  const sets = types.filter(({ kind }) => kind === StatefulSet.kind);
  const data = types.filter(isData);
  const claims = sets.length > 0 && !data.some(({ kind }) => kind === PersistentVolumeClaim.kind);
  return [...sets, ...data, ...(claims ? [PersistentVolumeClaim] : [])];
}

function isData(type: ResourceType): boolean {
  return holdsData(type) || (type.kind === Secret.kind && type.group === Secret.group);
}

async function childrenOf(
  { metadata: { namespace } }: KubeObject,
  types: readonly ResourceType[],
  { client }: Uninstalling,
): Promise<readonly { readonly type: ResourceType; readonly object: KubeObject }[]> {
  const options = { metadataOnly: true, namespace };
  const lists = await Promise.all(types.map((type) => client.list<KubeObject>(type, options)));
  return types.flatMap((type, index) => (lists[index]?.items ?? []).map((object) => ({ type, object })));
}

function isOwnedBy({ metadata: { ownerReferences = [] } }: KubeObject, owners: ReadonlySet<string>): boolean {
  return ownerReferences.some(({ uid }) => owners.has(uid));
}
