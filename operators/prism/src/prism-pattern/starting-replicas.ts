import type { PrismPatternSpec } from '../api/v1beta1/prism-pattern.ts';

/** The number of pods to start with, within the bounds of the autoscaler where there is one. */
export function startingReplicas({
  replicas,
  autoscaling,
}: Pick<PrismPatternSpec, 'replicas' | 'autoscaling'>): number {
  if (autoscaling?.enabled !== true) return replicas;
  return Math.min(Math.max(replicas, autoscaling.minReplicas), autoscaling.maxReplicas);
}
