import type { Draft, PodDisruptionBudget } from '@capstan/kube';
import type { ChildMetadata, Labels } from './metadata.ts';

export interface PodDisruptionBudgetOptions {
  readonly selector: Labels;
  /** How many of the selected pods a drain may take away at the same time. */
  readonly maxUnavailable: number;
}

/** Holds node drains back so that no more than `maxUnavailable` of the selected pods are gone at once. */
export function podDisruptionBudget(
  metadata: ChildMetadata,
  { selector, maxUnavailable }: PodDisruptionBudgetOptions,
): Draft<PodDisruptionBudget> {
  const spec = { maxUnavailable, selector: { matchLabels: selector } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec };
}
