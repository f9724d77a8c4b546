import type { Plan, StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import type { Observed } from '../observe.ts';
import { dedicatedPatterns } from './dedicated-patterns.ts';
import { isolationPolicy } from './isolation-policy.ts';
import { namespaceQuota } from './namespace-quota.ts';

/** Whether there may be a ResourceQuota, which holds for everybody in the Kubernetes namespace. */
type QuotaLeave = 'Given' | 'NotAllowed' | 'NotAlone';

/**
 * Decides whether a namespace may limit its Kubernetes namespace: where its cluster allows it, and nobody else was there before. Who
 * comes later lifts no limit.
 */
export function quotaLeave(cluster: PrismCluster, { neighbours, hasQuota }: QuotaSurroundings): QuotaLeave {
  if (!cluster.spec.tenancy.allowResourceQuotas) return 'NotAllowed';
  return neighbours.length > 0 && !hasQuota ? 'NotAlone' : 'Given';
}

type QuotaSurroundings = Pick<Observed, 'neighbours' | 'hasQuota'>;

/** What a namespace has in Kubernetes: what closes it and limits it first, then the runners of its own. */
export function planChildren(namespace: PrismNamespace, cluster: PrismCluster, around: QuotaSurroundings): Plan {
  const bounds: readonly (StepObject | undefined)[] = [
    isolationPolicy(namespace, cluster),
    quotaLeave(cluster, around) === 'Given' ? namespaceQuota(namespace) : undefined,
  ];
  return {
    steps: [
      { name: 'bounds', objects: bounds.filter((each) => each !== undefined) },
      { name: 'runners', objects: dedicatedPatterns(namespace, cluster) },
    ],
  };
}
