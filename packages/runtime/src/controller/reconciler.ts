import type { KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Millis } from '../duration.ts';
import type { EventDraft } from '../events/recorder.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';

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
}

/** A child kind of which only metadata is watched: contents never reach the operator. */
export function owned(type: ResourceType): OwnedKind {
  return { type, mode: 'metadata' };
}

/** A child kind of which the whole object is watched, because its status is read. A change of its status starts a pass. */
export function ownedWithStatus(type: ResourceType): OwnedKind {
  return { type, mode: 'full' };
}

/** Reads from memory only; what it returns is shared and must not be changed. */
export interface CacheReader {
  get<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): O | undefined;
}

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
  readonly cache: CacheReader;
  readonly log: Logger;
  /** RFC 3339, the same for the whole pass. */
  readonly now: string;
  /** Every reason why this pass runs, oldest first. */
  readonly triggers: readonly string[];
  /** True in a preview: the API server stores nothing of this pass, and calls to anything else must change nothing either. */
  readonly isRehearsal: boolean;
  /** Makes the children what the plan says. Child failures are in the outcome, never thrown. */
  apply(plan: Plan): Promise<Outcome>;
  /** Writes the status when it differs, and records events. */
  report(report: Report<T>): Promise<Result>;
}

/** Drives one resource towards its spec. Thrown errors are retried with back-off; refusals are reported, not thrown. */
export type Reconciler<T extends Resource> = (resource: T, pass: Pass<T>) => Promise<Result>;

export interface ControllerOptions<T extends Resource> {
  /** Field manager, event reporter and log name, such as `streambus-operator`. */
  readonly name: string;
  readonly owns: readonly OwnedKind[];
  readonly reconcile: Reconciler<T>;
  /** Passes at once; 16 unless told. One resource never has two. */
  readonly concurrency?: number;
  /** Field managers of earlier operators whose children are taken over. */
  readonly formerManagers?: readonly string[];
}
