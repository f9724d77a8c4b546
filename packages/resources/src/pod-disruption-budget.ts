import type { Draft, IntOrString, PodDisruptionBudget } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsSubdomain } from './names.ts';
import { labelSelector } from './selector.ts';

/** How much of what a drain leaves alone: a number of pods or a percentage, counted from one side. */
export type PodDisruptionBudgetOptions = {
  readonly selector: Labels;
  /** `AlwaysAllow` lets a drain take pods that are not ready, which nothing gains from keeping; the server's default does not. */
  readonly unhealthyPodEvictionPolicy?: 'AlwaysAllow' | 'IfHealthyBudget';
} & (
  | {
      /** How many of the selected pods a drain may take away at the same time. */
      readonly maxUnavailable: IntOrString;
    }
  | {
      /** How many of the selected pods a drain must leave. */
      readonly minAvailable: IntOrString;
    }
);

/**
 * Holds node drains back while too few of the selected pods would be left.
 * @throws {InvalidChildError} when the selector is empty: the budget would hold for every pod of the namespace
 */
export function podDisruptionBudget(
  metadata: ChildMetadata,
  { selector, ...budget }: PodDisruptionBudgetOptions,
): Draft<PodDisruptionBudget> {
  const kind = 'PodDisruptionBudget';
  const spec = { ...budget, selector: labelSelector(selector, `${kind}/${metadata.name}`) };
  return child<PodDisruptionBudget>({ apiVersion: 'policy/v1', kind, metadata, spec }, dnsSubdomain);
}
