import type { StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminFence } from './admin-fence.ts';
import { backendFences, type ReachOf } from './backend-fences.ts';
import { patternFences } from './pattern-fences.ts';
import { proxyFence } from './proxy-fence.ts';

export interface FenceOptions {
  /** Where the operator runs; absent for one that runs outside the cluster. */
  readonly operatorNamespace?: string;
  /** Which backends a pattern reaches; those that it names unless told. */
  readonly reachOf?: ReachOf;
}

/**
 * The NetworkPolicies of a cluster: each of its pods lets in whom it works for, and nobody else. What goes out is nobody's
 * business here. Policies add up: whoever has to let in more adds one of their own.
 */
export function fences(
  cluster: PrismCluster,
  { operatorNamespace, reachOf = ({ backends }) => backends }: FenceOptions,
): readonly StepObject[] {
  if (!cluster.spec.networkPolicy.enabled) return [];
  return [
    ...backendFences(cluster, reachOf),
    adminFence(cluster, operatorNamespace),
    proxyFence(cluster),
    ...patternFences(cluster),
  ];
}
