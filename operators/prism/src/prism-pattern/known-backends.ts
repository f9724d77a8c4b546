import type { PrismPattern as ClusterPattern } from '../api/v1alpha1/prism-cluster.ts';
import { backendKinds } from '../backends/backend-kind.ts';

const clusterBackends = [...backendKinds, 'sqlite'] as const;

/** The memory of each pod, which is nothing that a cluster has. */
const ownMemory = 'memstore';

/** Whether a pattern in the spec of a cluster may name it. */
export function isClusterBackend(name: string): name is ClusterPattern['backends'][number] {
  return (clusterBackends as readonly string[]).includes(name); // any text may be looked for
}

/** Whether there is such a backend at all. */
export function isKnownBackend(name: string): boolean {
  return name === ownMemory || isClusterBackend(name);
}

/** All that there are, for people. */
export const knownBackends: readonly string[] = [...clusterBackends, ownMemory];
