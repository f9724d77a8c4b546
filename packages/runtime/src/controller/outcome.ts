import type { KubeObject } from '@capstan/kube';
import type { EventDraft } from '../events/event-draft.ts';
import type { StepObject, Waiting } from './plan.ts';

/**
 * What one pass did to one child.
 *
 * - `Adopted`: an object that was there before was taken over, as its annotation allows.
 * - `Recreating`: deleted, to be made anew with a field that cannot be changed. `Recreated`: made anew.
 * - `Retained`: no longer named by the plan, and left where it is.
 * - `Held`: its step waits for an earlier one, or it waits for its turn to be made anew.
 * - `Contested`: see {@link Contest}.
 * - `Skipped`: its kind is optional, and absent.
 */
export type ChildAction =
  | 'Created'
  | 'Updated'
  | 'Repaired'
  | 'Adopted'
  | 'Recreating'
  | 'Recreated'
  | 'Unchanged'
  | 'Pruned'
  | 'Retained'
  | 'Held'
  | 'Terminating'
  | 'Contested'
  | 'Skipped'
  | 'Failed';

export interface ChildOutcome {
  /** `StatefulSet/my-cluster`. */
  readonly child: string;
  readonly action: ChildAction;
  /** For `Repaired`: the paths put right and who had changed them. For `Failed`: the server's sentence. */
  readonly detail?: string;
  /** For `Held`: the step that is not ready. */
  readonly heldBy?: string;
  /** Who decides how many replicas there are, where that is not the plan although it names a number. */
  readonly replicasOwnedBy?: 'HorizontalPodAutoscaler';
}

/** A child that could not be written. Terminal: the user must act; otherwise the runtime retries with back-off. */
export interface Failure {
  readonly child: string;
  readonly terminal: boolean;
  /** PascalCase, such as `Invalid`, `Forbidden`, `ConflictingOwner`, `ImmutableField`. */
  readonly reason: string;
  readonly message: string;
}

/** Somebody keeps taking something from us; we stand back until `retryAfterMs` has passed. */
export interface Contest {
  readonly child: string;
  /** `.` when the child as a whole is deleted again and again. */
  readonly path: string;
  /** A field manager name, or `an unknown manager` where the ownership records do not tell. */
  readonly manager: string;
  readonly retryAfterMs: number;
}

/** The first step of a plan that is not ready. */
export interface StepWaiting extends Waiting {
  readonly step: string;
  /** When it began to wait: RFC 3339, to the second. */
  readonly since: string;
  /** It has been waiting for longer than its `timeoutMs`. */
  readonly timedOut?: true;
}

/** What applying a plan came to: the input of an operator's `statusOf`. */
export interface Outcome {
  readonly children: readonly ChildOutcome[];
  readonly failures: readonly Failure[];
  readonly contests: readonly Contest[];
  /** The first step that is not ready, if any. */
  readonly waiting?: StepWaiting;
  /** What the runtime tells the user by events, besides corrections, contests and refusals. */
  readonly notices?: readonly EventDraft[];
  /** When the plan is to be looked at again without any event, in milliseconds. */
  readonly recheckAfterMs?: number;
  /** The child as the server last showed it (metadata only, for kinds watched so). */
  live(desired: StepObject): KubeObject | undefined;
}

const changes: ReadonlySet<ChildAction> = new Set([
  'Created',
  'Updated',
  'Repaired',
  'Adopted',
  'Recreating',
  'Recreated',
  'Pruned',
]);

/** Whether this was a write that the API server took. */
export function isChange(action: ChildAction): boolean {
  return changes.has(action);
}

/** True when at least one child was created, changed, repaired or pruned. */
export function changedAnything({ children }: Pick<Outcome, 'children'>): boolean {
  return children.some(({ action }) => isChange(action));
}

/** `kubectl-edit keeps changing .spec.replicas of Deployment/web`. */
export function contestText({ child, path, manager }: Omit<Contest, 'retryAfterMs'>): string {
  return path === '.' ? `${manager} keeps deleting ${child}` : `${manager} keeps changing ${path} of ${child}`;
}
