import type { Draft, KubeObject } from '@capstan/kube';
import type { Child } from './child.ts';

/** A child as it should be: a body with apiVersion, kind and name; everything it leaves out belongs to others. */
export type Desired = Draft<KubeObject>;

/** What a step is made of: a body alone, or one with its own rules, made by `child`. */
export type StepObject = Desired | Child;

/** Why a step is not ready yet, in words for the resource's status. */
export interface Waiting {
  /** PascalCase, such as `RolloutInProgress`. */
  readonly reason: string;
  readonly message: string;
}

/** Reads the objects of a step as the cache has them; `undefined` when one is not there (yet). */
export type LiveReader = (desired: StepObject) => KubeObject | undefined;

/**
 * Objects that are applied together, in parallel.
 *
 * A step is not ready while one of its objects was refused, is being deleted or made anew, and as long as `waitingFor` says.
 * The steps after it are then held back, but only where they would create something for the first time or carry a change of
 * the plan: a correction of what somebody else changed never waits. A deletion waits only while a child of the same kind is
 * held back, which may be its successor, or one could not be applied; see {@link Plan.superfluous}.
 */
export interface Step {
  readonly name: string;
  readonly objects: readonly StepObject[];
  /** `undefined` when the step is ready. Absent: it is, once its objects are applied. */
  readonly waitingFor?: (live: LiveReader) => Waiting | undefined;
  /**
   * Milliseconds after which a step that is not ready is reported as timed out, in the outcome and by one event. Nothing else
   * changes: it goes on waiting, and a new spec replaces a bad one at any time.
   *
   * Counted from when the step began to wait, anew when the plan changes one of its objects. After a restart: from the last
   * change that the ownership records of its objects show, so a step is never reported too early.
   */
  readonly timeoutMs?: number;
}

/** Everything that should exist for one resource, in order. What is owned and not named here is pruned. */
export interface Plan {
  readonly steps: readonly Step[];
  /**
   * Picks children that no step names and that stay nevertheless, untouched. Asked about metadata, which is all there is of a
   * kind watched so. Children made with `retain` need no mention here.
   */
  readonly retained?: (live: KubeObject) => boolean;
  /**
   * Picks children that no step names and that nothing in the plan takes the place of, as what is left of an entry that was
   * taken out of a list. They are pruned also where another object could not be applied or is held back; the others wait for
   * what may be their successors. Asked about metadata, and never about one that is retained.
   */
  readonly superfluous?: (live: KubeObject) => boolean;
}

/** The body of what a step is made of. */
export function desiredOf(item: StepObject): Desired {
  return 'kind' in item ? item : item.object;
}

/** `ConfigMap/my-cluster-config`: how a child is named in status, events and logs. */
export function childName(child: { readonly kind: string; readonly metadata: { readonly name?: string } }): string {
  return `${child.kind}/${child.metadata.name ?? '?'}`;
}
