import { ApiError, type KubeClient, type KubeObject, PersistentVolumeClaim, type ResourceType } from '@capstan/kube';
import type { Installation, InstalledKind } from '../doctor/installation.ts';
import { controllersOf } from '../doctor/installations.ts';

/** A custom resource that goes with its definition, and what the garbage collector then takes along. */
export interface Doomed {
  readonly resource: KubeObject;
  readonly children: readonly KubeObject[];
}

/** Every custom resource of an operator, with all that is owned by it, by way of others as well. */
export async function doomedOf(client: KubeClient, installation: Installation): Promise<readonly Doomed[]> {
  const resources = (await Promise.all(installation.kinds.map((kind) => resourcesOf(client, kind)))).flat();
  if (resources.length === 0) return [];
  const objects = await ownedObjects(client, installation);
  return resources.map((resource) => ({ resource, children: descendantsOf(resource, objects) }));
}

/** In the first of its versions that is served. */
async function resourcesOf(client: KubeClient, { versions }: InstalledKind): Promise<readonly KubeObject[]> {
  for (const version of versions) {
    const items = await itemsOf(client, version);
    if (items !== undefined) return items;
  }
  return [];
}

async function ownedObjects(client: KubeClient, installation: Installation): Promise<readonly KubeObject[]> {
  const owned = controllersOf(installation).flatMap(({ owns }) => owns.map(({ type }) => type));
  const types = [...owned, PersistentVolumeClaim];
  const byName = new Map(types.map((type) => [`${type.plural}.${type.group}`, type]));
  const lists = await Promise.all([...byName.values()].map((type) => itemsOf(client, type)));
  return lists.flatMap((items) => items ?? []);
}

/** `undefined` for a kind that is not served. */
async function itemsOf(client: KubeClient, type: ResourceType): Promise<readonly KubeObject[] | undefined> {
  try {
    return (await client.list<KubeObject>(type, { metadataOnly: true })).items;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}

function descendantsOf({ metadata: { uid = '' } }: KubeObject, objects: readonly KubeObject[]): readonly KubeObject[] {
  const owners = new Set([uid]);
  const found = new Set<KubeObject>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const object of objects) if (isOwnedBy(object, owners)) found.add(object);
    for (const { metadata } of found) owners.add(metadata.uid ?? '');
  }
  return [...found];
}

function isOwnedBy({ metadata: { ownerReferences = [] } }: KubeObject, owners: ReadonlySet<string>): boolean {
  return ownerReferences.some(({ uid }) => owners.has(uid));
}
