import type { KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Resource } from './reconciler.ts';

/** How much of each object the cache holds, and whether the kind may be absent. */
export interface WatchOptions {
  /** `metadata` unless told. `full` also for what the reconciler reads from memory; never for Secrets. */
  readonly mode?: 'metadata' | 'full';
}

/** Which objects of a kind are watched, and what the cache holds of each. */
export interface MappingOptions<O extends KubeObject = KubeObject> extends WatchOptions {
  /** Such as `app=web,tier!=test`: the API server sends no other objects, and the cache has no others. Every object unless told. */
  readonly labelSelector?: string;
  /**
   * What the cache holds of an object; all of it unless told. It must not change what it is given. A change of the rest starts
   * no pass. Name, namespace, UID, version and the time of deletion are held whatever it says.
   */
  readonly keep?: (object: O) => O;
}

export interface ReferenceOptions extends WatchOptions {
  /** Lets a resource name objects outside its own namespace; refused unless told, for its author may not be allowed to see them. */
  readonly anyNamespace?: boolean;
}

/** Reads the resources of a controller from memory. */
export interface ResourceReader<T extends Resource> {
  get(ref: ObjectRef): T | undefined;
  list(options?: { readonly namespace?: string | undefined }): readonly T[];
  /** The resources for which the named index of the controller gives this value. */
  byIndex(index: string, value: string): readonly T[];
}

/** Single objects that resources name in their spec; nothing else of their kind is watched. */
export interface ReferencedKind<T extends Resource> {
  readonly by: 'name';
  readonly type: ResourceType;
  readonly mode: 'metadata' | 'full';
  readonly optional?: true;
  readonly anyNamespace: boolean;
  readonly refs: (resource: T) => readonly ObjectRef[];
}

/** A whole kind whose objects concern resources in a way of the author's own. */
export interface MappedKind<T extends Resource> {
  readonly by: 'kind';
  readonly type: ResourceType;
  readonly mode: 'metadata' | 'full';
  readonly optional?: true;
  readonly labelSelector?: string;
  readonly keep?: (object: KubeObject) => KubeObject;
  readonly map: (object: KubeObject, resources: ResourceReader<T>) => readonly ObjectRef[];
}

/** Objects that a controller does not own and whose changes start passes. */
export type WatchedKind<T extends Resource> = ReferencedKind<T> | MappedKind<T>;

/** What permissions follow from, whatever the resources are. */
export type WatchDeclaration = Pick<WatchedKind<never>, 'by' | 'type' | 'mode' | 'optional'>;

/**
 * Objects that a resource names: each is watched alone, and a change of it starts a pass of every resource that names it,
 * also when it appears later. A name without a namespace means the resource's own.
 *
 * Only metadata is held. Contents, such as those of a Secret, are read by `pass.read` when they are needed.
 *
 * @example
 * ```ts
 * watches: [referenced(Secret, ({ spec }: Cache) => [{ name: spec.passwordFrom }])]
 * ```
 * @throws {TypeError} when the contents of Secrets would be held in memory
 */
export function referenced<T extends Resource>(
  type: ResourceType,
  refs: (resource: T) => readonly ObjectRef[],
  { mode = 'metadata', anyNamespace = false }: ReferenceOptions = {},
): ReferencedKind<T> {
  checkMode(type, mode);
  return { by: 'name', type, mode, anyNamespace, refs };
}

/**
 * A whole kind that concerns resources: `map` names those which an object has to do with. When an object changes, both what
 * it was and what it is are mapped.
 *
 * @example
 * ```ts
 * watches: [mapped(Node, (node, resources) => resources.byIndex('zone', zoneOf(node)).map(({ metadata }) => metadata))]
 * ```
 * @example
 * ```ts
 * watches: [
 *   mapped(Pod, ({ metadata: { namespace, labels } }) => [{ namespace, name: labels?.['cluster'] ?? '' }], {
 *     mode: 'full',
 *     labelSelector: 'cluster',
 *     keep: ({ apiVersion, kind, metadata, status }) => ({ apiVersion, kind, metadata, ...(status && { status }) }),
 *   }),
 * ]
 * ```
 * @throws {TypeError} when the contents of Secrets would be held in memory, and for an empty label selector
 */
export function mapped<T extends Resource, O extends KubeObject = KubeObject>(
  type: ResourceType<O>,
  map: (object: O, resources: ResourceReader<T>) => readonly ObjectRef[],
  { mode = 'metadata', labelSelector, keep }: MappingOptions<O> = {},
): MappedKind<T> {
  checkMode(type, mode);
  if (labelSelector === '')
    throw new TypeError(`the label selector of ${type.kind} is empty, which means every object: leave it out`);
  return {
    ...{ by: 'kind', type, mode },
    ...(labelSelector !== undefined && { labelSelector }),
    // Only objects that a watch of this very type brought are ever mapped or kept.
    ...(keep !== undefined && { keep: (object: KubeObject) => keep(object as O) }),
    map: map as MappedKind<T>['map'],
  };
}

function checkMode({ kind, group }: ResourceType, mode: 'metadata' | 'full'): void {
  if (mode === 'metadata' || kind !== 'Secret' || group !== '') return;
  throw new TypeError('the contents of Secrets are never held in memory: watch their metadata and use pass.read');
}
