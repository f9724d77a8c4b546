import { apiVersionOf, type KubeObject, type OwnerReference, type ResourceType } from '@capstan/kube';
import { controllerUid } from '../cache/object-store.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { Failure } from './outcome.ts';
import { childName, type Desired } from './plan.ts';
import type { Resource } from './reconciler.ts';

/** The controller owner reference of a resource: its children go when it goes, and are nobody else's. */
function ownerReference(owner: Resource, primary: ResourceType): OwnerReference {
  const { name, uid } = owner.metadata;
  if (uid === undefined)
    throw new Error(`${primary.kind} ${name} has no UID: it was never read from a server and cannot own anything`);
  return {
    apiVersion: apiVersionOf(primary),
    kind: primary.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The body in its owner's namespace, owned by it. */
export function ownedBody(desired: Desired, owner: Resource, primary: ResourceType): Desired {
  const namespace = desired.metadata.namespace ?? owner.metadata.namespace;
  const metadata = {
    ...desired.metadata,
    ...(namespace !== undefined && { namespace }),
    ownerReferences: [ownerReference(owner, primary)],
  };
  return { ...desired, metadata };
}

/**
 * Why this live object must not be touched on behalf of `owner`; `undefined` when it is the owner's.
 *
 * An object of the owner whose reference was removed by hand still bears our mark and is taken back. One that belongs to
 * a resource of the same name that is being deleted goes by itself soon. Anything else is a stranger: never overwritten.
 */
export function ownershipProblem(live: KubeObject, owner: Resource, names: EngineNames): Failure | undefined {
  const uid = controllerUid(live);
  if (uid === owner.metadata.uid) return undefined;
  const child = childName(live);
  const holder = live.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder === undefined)
    return bearsMark(live, names) ? undefined : stranger(child, 'it already exists and was not made for this resource');
  const formerSelf = holder.kind === owner.kind && holder.name === owner.metadata.name;
  if (!formerSelf) return stranger(child, `it is controlled by ${holder.kind}/${holder.name}`);
  const message = `${child} still belongs to the deleted ${holder.kind}/${holder.name} of the same name; waiting until it is collected`;
  return { child, terminal: false, reason: 'AwaitingCollection', message };
}

function stranger(child: string, why: string): Failure {
  const message = `${child} is left alone: ${why}. Rename this resource, or remove the other object`;
  return { child, terminal: true, reason: 'ConflictingOwner', message };
}

function bearsMark(live: KubeObject, names: EngineNames): boolean {
  return (
    live.metadata.annotations?.[names.sealAnnotation] !== undefined ||
    live.metadata.managedFields?.some(({ manager }) => manager === names.fieldManager) === true
  );
}
