import type { Plan, StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { dedicatedPatterns } from './dedicated-patterns.ts';
import { isolationPolicy } from './isolation-policy.ts';
import { namespaceQuota } from './namespace-quota.ts';

/** What a namespace has in Kubernetes: what closes it and limits it first, then the runners of its own. */
export function planChildren(namespace: PrismNamespace, cluster: PrismCluster, neighbours: readonly string[]): Plan {
  const bounds: readonly (StepObject | undefined)[] = [
    isolationPolicy(namespace, cluster),
    namespaceQuota(namespace, neighbours),
  ];
  return {
    steps: [
      { name: 'bounds', objects: bounds.filter((each) => each !== undefined) },
      { name: 'runners', objects: dedicatedPatterns(namespace, cluster) },
    ],
  };
}
