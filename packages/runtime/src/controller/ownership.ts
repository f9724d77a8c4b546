import { apiVersionOf, type KubeObject, type OwnerReference, type ResourceType } from '@capstan/kube';
import { controllerUid } from '../cache/object-store.ts';
import type { EngineNames } from '../engine/seal.ts';
import { TerminalError } from '../errors.ts';
import { helmReleaseAnnotation, helmReleaseOf } from '../helm-release.ts';
import { type Child, type ChildOptions, isRetained } from './child.ts';
import { groupOf } from './child-kinds.ts';
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

/**
 * The body in its owner's namespace, owned by it. One that is to be retained has the owner's name in an annotation instead: an
 * owner reference would take it along when the owner goes.
 */
export function ownedBody(child: Child, owner: Resource, primary: ResourceType, names: EngineNames): Desired {
  const { object, exclusive = [] } = child;
  const namespace = object.metadata.namespace ?? owner.metadata.namespace;
  const isKept = isRetained(child);
  const annotations = {
    ...object.metadata.annotations,
    ...(isKept && { [names.retainAnnotation]: owner.metadata.name }),
    ...(exclusive.length > 0 && { [names.exclusiveAnnotation]: exclusive.join(',') }),
  };
  const metadata = {
    ...object.metadata,
    ...(namespace !== undefined && { namespace }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(!isKept && { ownerReferences: [ownerReference(owner, primary)] }),
  };
  return { ...object, metadata };
}

/** A plan that nothing but another spec or another operator makes sound. */
export function invalidPlan(message: string): TerminalError {
  return new TerminalError('InvalidPlan', message);
}

/**
 * Where a child of `owner` lives.
 *
 * @throws {TerminalError} where the owner could not own it there: the API server would take it, its garbage
 *   collector would delete it, and nothing that happens to it would be noticed
 */
export function placeOf(object: Desired, type: ResourceType, owner: Resource): { readonly namespace?: string } {
  const { namespace: home } = owner.metadata;
  const namespace = object.metadata.namespace ?? (type.namespaced ? home : undefined);
  const what = `${childName(object)} of ${owner.kind}/${owner.metadata.name}`;
  if (home !== undefined && !type.namespaced)
    throw invalidPlan(`${what}: a resource in a namespace cannot own a ${type.kind}, which is in none`);
  if (home !== undefined && namespace !== home)
    throw invalidPlan(
      `${what} is to be in namespace ${namespace}: a resource in ${home} can own nothing outside of it`,
    );
  if (!type.namespaced) return {};
  if (namespace === undefined) throw invalidPlan(`${what} needs a metadata.namespace: its resource is in none`);
  return { namespace };
}

/**
 * Why this live object must not be touched on behalf of `owner`; `undefined` when it is the owner's, or may become so.
 *
 * An object of the owner whose reference was removed by hand still bears our mark and is taken back, and so is one that was
 * retained for a resource of this name. One that belongs to a resource of the same name that is being deleted goes by itself
 * soon. One whose annotation lets this owner take it over may be taken, and so may one that the resource names as such, unless it is
 * of a Helm release. Anything else is a stranger: never overwritten.
 */
export function ownershipProblem(
  live: KubeObject,
  owner: Resource,
  type: ResourceType,
  names: EngineNames,
  { adopt = false }: Pick<ChildOptions, 'adopt'> = {},
): Failure | undefined {
  if (controllerUid(live) === owner.metadata.uid) return undefined;
  const child = childName(live);
  const holder = live.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder !== undefined) return heldProblem(child, holder, owner);
  if (mayAdopt(live, owner, names)) return undefined;
  const keptFor = live.metadata.annotations?.[names.retainAnnotation];
  const isOurs = keptFor === undefined ? bearsMark(live, names) : keptFor === owner.metadata.name;
  if (isOurs) return undefined;
  if (adopt && keptFor === undefined) return helmProblem(live, child, type);
  const why =
    keptFor === undefined
      ? 'it already exists and was not made for this resource'
      : `it is kept for ${owner.kind}/${keptFor}`;
  return stranger(
    child,
    why,
    `, remove the other object, or let this resource take it over: ${consent(live, owner, type, names)}`,
  );
}

/** Whether taking this object over is an adoption: nobody's so far, and its annotation names the owner, or the owner names it. */
export function isAdoption(
  live: KubeObject,
  owner: Resource,
  names: EngineNames,
  { adopt = false }: Pick<ChildOptions, 'adopt'> = {},
): boolean {
  return controllerUid(live) === undefined && !bearsMark(live, names) && (adopt || mayAdopt(live, owner, names));
}

/** The next upgrade or uninstall of the release would undo what is done to its object. */
function helmProblem(live: KubeObject, child: string, type: ResourceType): Failure | undefined {
  const release = helmReleaseOf(live);
  if (release === undefined) return undefined;
  const object = objectText(live, type);
  return stranger(
    child,
    `it belongs to the Helm release ${release}`,
    `, or take it out of the release: kubectl annotate ${object} helm.sh/resource-policy=keep, uninstall the release, then ` +
      `kubectl annotate ${object} ${helmReleaseAnnotation}-`,
  );
}

function mayAdopt(live: KubeObject, owner: Resource, { adoptAnnotation }: EngineNames): boolean {
  return live.metadata.annotations?.[adoptAnnotation] === owner.metadata.name;
}

/** The command that a person gives to agree. */
function consent(live: KubeObject, owner: Resource, type: ResourceType, { adoptAnnotation }: EngineNames): string {
  return `kubectl annotate ${objectText(live, type)} ${adoptAnnotation}=${owner.metadata.name}`;
}

/** An object as kubectl is told of it: `deployments.apps proxy -n prod`. */
function objectText({ metadata: { namespace, name } }: KubeObject, type: ResourceType): string {
  const resource = type.group === '' ? type.plural : `${type.plural}.${type.group}`;
  return `${resource} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`;
}

function heldProblem(child: string, holder: OwnerReference, owner: Resource): Failure {
  const isFormerSelf =
    holder.kind === owner.kind &&
    groupOf(holder.apiVersion) === groupOf(owner.apiVersion) &&
    holder.name === owner.metadata.name;
  if (!isFormerSelf)
    return stranger(child, `it is controlled by ${holder.kind}/${holder.name}`, ', or remove the other object');
  const message = `${child} still belongs to the deleted ${holder.kind}/${holder.name} of the same name; waiting until it is collected`;
  return { child, terminal: false, reason: 'AwaitingCollection', message };
}

function stranger(child: string, why: string, remedy: string): Failure {
  const message = `${child} is left alone: ${why}. Rename this resource${remedy}`;
  return { child, terminal: true, reason: 'ConflictingOwner', message };
}

function bearsMark(live: KubeObject, names: EngineNames): boolean {
  return (
    live.metadata.annotations?.[names.sealAnnotation] !== undefined ||
    live.metadata.managedFields?.some(({ manager }) => manager === names.fieldManager) === true
  );
}
