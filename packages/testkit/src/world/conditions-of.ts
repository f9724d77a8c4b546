import type { Condition, KubeObject } from '@capstan/kube';

/** `status.conditions` of any object; empty when it has none, or does not exist. */
export function conditionsOf(found: KubeObject | undefined): readonly Condition[] {
  const object: (KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } }) | undefined = found;
  return object?.status?.conditions ?? [];
}

/** Whether a condition is about this generation, or does not say which one it is about. */
export function isOfGeneration(generation = 0): (condition: Condition) => boolean {
  return ({ observedGeneration = generation }) => observedGeneration >= generation;
}

/** A condition for an error that somebody reads: a line. */
export function conditionText(
  { type, status, reason, message, observedGeneration }: Condition,
  isCurrent: boolean,
): string {
  return `${type}=${status} (${reason}): ${message}${isCurrent ? '' : ` [of generation ${observedGeneration}]`}`;
}
