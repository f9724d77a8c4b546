import type { KubeObject } from '@capstan/kube';
import type { Desired, Waiting } from './plan.ts';

/** What one pass did to one child. `Held`: its step waits for an earlier one. `Contested`: see {@link Contest}. */
export type ChildAction =
  | 'Created'
  | 'Updated'
  | 'Repaired'
  | 'Unchanged'
  | 'Pruned'
  | 'Held'
  | 'Terminating'
  | 'Contested'
  | 'Failed';

export interface ChildOutcome {
  /** `StatefulSet/my-cluster`. */
  readonly child: string;
  readonly action: ChildAction;
  /** For `Repaired`: the paths put right and who had changed them. For `Failed`: the server's sentence. */
  readonly detail?: string;
  /** For `Held`: the step that is not ready. */
  readonly heldBy?: string;
}

/** A child that could not be written. Terminal: the user must act; otherwise the runtime retries with back-off. */
export interface Failure {
  readonly child: string;
  readonly terminal: boolean;
  /** PascalCase, such as `Invalid`, `Forbidden`, `ConflictingOwner`. */
  readonly reason: string;
  readonly message: string;
}

/** Another manager keeps taking a field from us; we stand back until `retryAfterMs` has passed. */
export interface Contest {
  readonly child: string;
  readonly path: string;
  readonly manager: string;
  readonly retryAfterMs: number;
}

/** What applying a plan came to: the input of an operator's `statusOf`. */
export interface Outcome {
  readonly children: readonly ChildOutcome[];
  readonly failures: readonly Failure[];
  readonly contests: readonly Contest[];
  /** The first step that is not ready, if any. */
  readonly waiting?: Waiting & { readonly step: string };
  /** The child as the server last showed it (metadata only, for kinds watched so). */
  live(desired: Desired): KubeObject | undefined;
}

/** True when at least one child was created, changed, repaired or pruned. */
export function changedAnything(outcome: Outcome): boolean {
  return outcome.children.some(({ action }) => ['Created', 'Updated', 'Repaired', 'Pruned'].includes(action));
}
