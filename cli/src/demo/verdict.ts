import type { Condition, KubeObject } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';

/**
 * How far a resource is.
 *
 * `Unready`: everything runs, and the resource still says that it is not Ready, because more was asked for than can be had.
 * Waiting longer changes nothing.
 */
export type Verdict =
  | { readonly kind: 'Ready' }
  | { readonly kind: 'Unready'; readonly why: string }
  | { readonly kind: 'Waiting'; readonly why: string };

/** A resource that reports by conditions, as every operator here does. */
export interface Reporting extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
  };
}

/**
 * Judges a resource by its own status alone. A status that was not made from the latest spec says nothing.
 *
 * @param heldBack why it runs and will not be Ready, if that is so
 */
export function verdictOf({ metadata, status }: Reporting, heldBack?: string): Verdict {
  if (status?.conditions === undefined) return waiting('the operator has not reported on it yet');
  if (status.observedGeneration !== metadata.generation)
    return waiting('the operator has not looked at its latest spec yet');
  const ready = conditionOf(status.conditions, 'Ready');
  if (ready?.status === 'True') return { kind: 'Ready' };
  if (heldBack !== undefined) return { kind: 'Unready', why: heldBack };
  return waiting(
    ready === undefined ? 'it has no Ready condition' : `Ready=${ready.status}, ${ready.reason}: ${ready.message}`,
  );
}

function waiting(why: string): Verdict {
  return { kind: 'Waiting', why };
}
