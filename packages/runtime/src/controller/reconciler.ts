import type { KubeObject, ObjectRef, PolicyRule, ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Millis } from '../duration.ts';
import type { EventDraft } from '../events/recorder.ts';
import type { EventSource } from './event-source.ts';
import type { Outcome } from './outcome.ts';
import type { Plan, Waiting } from './plan.ts';
import type { ResourceReader, WatchedKind } from './watched-kind.ts';

/** A kind whose resources a controller drives. Kinds made with `customResource` of `@capstan/crd` are such kinds. */
export type PrimaryKind<T extends Resource> = ResourceType<T>;

/** A custom resource: an object with a status of its own. */
export interface Resource extends KubeObject {
  readonly spec: unknown;
  readonly status?: object;
}

/** The status type of a resource. */
export type StatusOf<T extends Resource> = NonNullable<T['status']>;

/** A kind of child, and how much of it the cache holds: `metadata` unless the operator reads its status. */
export interface OwnedKind {
  readonly type: ResourceType;
  readonly mode: 'metadata' | 'full';
  /** No plan makes objects of it any more; see {@link formerly}. */
  readonly former?: true;
  /** The kind may be absent; see {@link optional}. */
  readonly optional?: true;
}

/** A child kind of which only metadata is watched: contents never reach the operator. */
export function owned(type: ResourceType): OwnedKind {
  return { type, mode: 'metadata' };
}

/** A child kind of which the whole object is watched, because its status is read. A change of its status starts a pass. */
export function ownedWithStatus(type: ResourceType): OwnedKind {
  return { type, mode: 'full' };
}

/**
 * A kind that an earlier version of the operator made children of, and this one does not: what is left of them is pruned. To be
 * named until no cluster runs that version any more; the API server does not tell what else a resource owns.
 *
 * @example
 * ```ts
 * owns: [owned(ConfigMap), formerly(Ingress)]
 * ```
 */
export function formerly(type: ResourceType): OwnedKind {
  return { type, mode: 'metadata', former: true };
}

/**
 * A kind that a cluster may do without, such as that of a monitoring operator. While its CustomResourceDefinition is not
 * installed, its objects are skipped and the condition `OptionalKindsMissing` says so; they are made as soon as it is.
 *
 * @example
 * ```ts
 * owns: [owned(ConfigMap), optional(owned(ServiceMonitor))]
 * ```
 */
export function optional<K extends OwnedKind | WatchedKind<never>>(kind: K): K & { readonly optional: true } {
  return { ...kind, optional: true };
}

/**
 * Reads from memory only; what it returns is shared and must not be changed. It knows the resource's own kind and every kind
 * under `owns` and `watches`; asking for another is a mistake of the author, and thrown.
 */
export interface CacheReader<T extends Resource = Resource> {
  get<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): O | undefined;
  /** Of referenced kinds: the objects that this resource names. */
  list<O extends KubeObject>(
    type: ResourceType<O>,
    options?: { readonly namespace?: string | undefined },
  ): readonly O[];
  /** The resources of the controller's own kind for which the named index gives this value. */
  byIndex: ResourceReader<T>['byIndex'];
  /**
   * False for an optional kind while it is not installed, is being removed, or is not served in this version: that none of its objects
   * is found then does not mean that there are none.
   */
  isServed(type: ResourceType): boolean;
}

/** Which objects of a kind a pass asks for. */
export interface ListedObjects {
  /** The resource's own unless told. */
  readonly namespace?: string | undefined;
  /** Such as `app=web,tier!=test`; every object unless told. */
  readonly labelSelector?: string;
}

/** What came of deleting an object: the API server took it, or there was nothing to delete. */
export type Removal = 'Removed' | 'Gone';

/** What a pass tells the world at its end. */
export interface Report<T extends Resource> {
  readonly status: StatusOf<T>;
  /** For top-level status fields such as `readyReplicas`: how long after the last write a change of them alone may wait. */
  readonly unhurried?: Partial<Readonly<Record<keyof StatusOf<T> & string, Millis>>>;
  /** Recorded only when the pass changed something or the status differs from the last one. */
  readonly events?: readonly EventDraft[];
  /** Milliseconds after which to look again, besides every event. */
  readonly recheckAfterMs?: number;
}

/** The end of a pass; made by `pass.report`. */
export interface Result {
  readonly recheckAfterMs?: number;
}

/** One pass over one resource: its only doors to the outside. */
export interface Pass<T extends Resource> {
  readonly cache: CacheReader<T>;
  readonly log: Logger;
  /** Aborts at the deadline of the pass and when the process ends. Hand it to every call to something else. */
  readonly signal: AbortSignal;
  /** RFC 3339, the same for the whole pass. */
  readonly now: string;
  /** Every reason why this pass runs, oldest first. */
  readonly triggers: readonly string[];
  /** True in a preview: the API server stores nothing of this pass, and calls to anything else must change nothing either. */
  readonly isRehearsal: boolean;
  /**
   * Asks the API server for one object, contents and all, such as a Secret that the resource names; `undefined` when it does
   * not exist. A name without a namespace means the resource's own. The kind must be owned, referenced, or
   * under `calls`.
   */
  read<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): Promise<O | undefined>;
  /**
   * Asks the API server for all objects of a kind that have the labels (`app=web`; all of them unless told), in the resource's
   * own namespace unless told (in all where it has none). The cache answers the same without a request for what it holds; this
   * is for what it does not hold, or may hold too late. The kind must be owned, watched, or under `calls` with `list`.
   *
   * @example
   * ```ts
   * const claims = await pass.list(PersistentVolumeClaim, { labelSelector: `greeting=${greeting.metadata.name}` });
   * ```
   */
  list<O extends KubeObject>(type: ResourceType<O>, options?: ListedObjects): Promise<readonly O[]>;
  /**
   * Deletes one object that is no child of the resource, such as a pod that is to be replaced, or what an earlier operator made for
   * the resource and no plan ever named: exactly the one with this UID.
   * `Gone`: it does not exist any more, or another one has its name. One that is being deleted already is `Removed` once more,
   * so look at its deletionTimestamp first. The kind must be under `calls` with `delete`. A rehearsal notes it and deletes
   * nothing.
   *
   * @example
   * ```ts
   * const [oldest] = await pass.list(Pod, { labelSelector: `greeting=${greeting.metadata.name}` });
   * const { name, uid, deletionTimestamp } = oldest?.metadata ?? {};
   * if (name !== undefined && uid !== undefined && deletionTimestamp === undefined) await pass.remove(Pod, { name, uid });
   * ```
   */
  remove(type: ResourceType, ref: ObjectRef & { readonly uid: string }): Promise<Removal>;
  /** Makes the children what the plan says. Child failures are in the outcome, never thrown. */
  apply(plan: Plan): Promise<Outcome>;
  /** Writes the status when it differs, and records events. */
  report(report: Report<T>): Promise<Result>;
}

/** Drives one resource towards its spec. Thrown errors are retried with back-off; refusals are reported, not thrown. */
export type Reconciler<T extends Resource> = (resource: T, pass: Pass<T>) => Promise<Result>;

/** What a finalizer needs that makes no children and lets none go. */
export type FinalizePass<T extends Resource> = Omit<Pass<T>, 'apply'>;

/** `Done` lets the resource go. Otherwise it is looked at again: at the next event, or after `recheckAfterMs` (10 s unless told). */
export type Finalized = 'Done' | { readonly waitingFor: Waiting; readonly recheckAfterMs?: number };

/** Cleans up outside the cluster before a resource goes. */
export interface Finalize<T extends Resource> {
  /** A qualified name, such as `streambus.io/external-topics`. */
  readonly finalizer: string;
  /**
   * Finalizers by which an earlier operator stood for the same. A resource that is being deleted with one of them is cleaned up
   * before it is taken off; of any other it is taken off once the finalizer is there.
   */
  readonly formerNames?: readonly string[];
  /**
   * Whether the finalizer is put on a resource; on every one unless told. One that has it is cleaned up whatever this says, so a
   * resource that comes to need none keeps it until it goes.
   */
  isWanted?(resource: T): boolean;
  /**
   * Called until it says `Done`, also again after it did: it must not matter how often. Errors are retried with back-off.
   *
   * Children go with the resource, whatever is applied here; but for those that are to stay from now on (`retain`): these lose
   * their owner reference. What such a plan does not name must be `retained`, or it is pruned before the resource goes.
   */
  run(resource: T, pass: Pass<T>): Promise<Finalized>;
  /**
   * Milliseconds since the deletion after which the condition `DeletionBlocked` tells what it waits for and how to end it by
   * hand; 300,000 unless told. In a namespace that is being deleted the resource is let go then.
   */
  readonly deadlineMs?: number;
}

/** A permission for requests of the author's own. */
export interface CallRule extends PolicyRule {
  /** True for kinds without a namespace, which a Role in a namespace cannot grant. */
  readonly clusterScoped?: true;
}

export interface ControllerOptions<T extends Resource> {
  /** Field manager, event reporter and log name, such as `streambus-operator`. */
  readonly name: string;
  readonly owns: readonly OwnedKind[];
  readonly reconcile: Reconciler<T>;
  /** Passes at once; 16 unless told. One resource never has two. */
  readonly concurrency?: number;
  /** Field managers of earlier operators whose children are taken over. */
  readonly formerManagers?: readonly string[];
  /**
   * Finalizers that earlier operators put on resources, and that nobody would take off any more. Each pass takes them off, of a
   * resource that is being deleted too; nothing is cleaned up for them. A paused resource keeps them until it is resumed or
   * deleted. Only for operators that do not run any more: one that does would put its finalizer back.
   */
  readonly formerFinalizers?: readonly string[];
  /** Objects that are not owned and whose changes start passes. */
  readonly watches?: readonly WatchedKind<T>[];
  /** Events from outside Kubernetes that start passes. */
  readonly sources?: readonly EventSource[];
  /** Ways to find resources by something they say: each gives the values under which a resource is found. */
  readonly indexes?: Readonly<Record<string, (resource: T) => readonly string[]>>;
  /**
   * Whether a resource that appeared or changed needs a pass; every change does unless told. Deletion and the annotations of
   * the runtime are never kept back. `before` is absent for what is seen for the first time.
   */
  readonly predicate?: (resource: T, before: T | undefined) => boolean;
  /** Cleans up outside the cluster before a resource goes. */
  readonly finalize?: Finalize<T>;
  /** At most `burst` passes at once, and `passesPerSecond` on average; unlimited unless told. */
  readonly rate?: { readonly passesPerSecond: number; readonly burst: number };
  /** How long a pass may take before its signal aborts, in ms; 120,000 unless told. */
  readonly passDeadlineMs?: number;
  /** What the reconciler itself asks of the API server, beyond what it owns and watches: for its permissions. */
  readonly calls?: readonly CallRule[];
}
