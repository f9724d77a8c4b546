import type { Draft, KubeObject } from '@capstan/kube';

/** A child as it should be: a body with apiVersion, kind and name; everything it leaves out belongs to others. */
export type Desired = Draft<KubeObject>;

/** Why a step is not ready yet, in words for the resource's status. */
export interface Waiting {
  /** PascalCase, such as `RolloutInProgress`. */
  readonly reason: string;
  readonly message: string;
}

/** Reads the objects of a step as the cache has them; `undefined` when one is not there (yet). */
export type LiveReader = (desired: Desired) => KubeObject | undefined;

/**
 * Objects that are applied together, in parallel.
 *
 * A step after one that is not `ready` is held back only where it would create something for the first time or carry a
 * change of the plan; a correction of what somebody else changed, or a deletion, never waits.
 */
export interface Step {
  readonly name: string;
  readonly objects: readonly Desired[];
  /** `undefined` when the step is ready; absent: ready as soon as it is applied. */
  readonly waitingFor?: (live: LiveReader) => Waiting | undefined;
}

/** Everything that should exist for one resource, in order. What is owned and not named here is pruned. */
export interface Plan {
  readonly steps: readonly Step[];
}

/** `ConfigMap/my-cluster-config`: how a child is named in status, events and logs. */
export function childName(child: { readonly kind: string; readonly metadata: { readonly name?: string } }): string {
  return `${child.kind}/${child.metadata.name ?? '?'}`;
}
