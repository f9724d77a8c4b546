import type { AdoptedWorkload, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';

/** The workload that is taken over for a component; `undefined` where the operator makes one of its own. */
export function adoptedWorkload({ spec }: PrismCluster, component: string): AdoptedWorkload | undefined {
  // Names are also asked of a cluster that is being deleted, whatever has become of its spec.
  const workloads: unknown = spec?.adoption?.workloads;
  return Array.isArray(workloads) ? spec.adoption?.workloads.find((each) => each?.component === component) : undefined;
}
