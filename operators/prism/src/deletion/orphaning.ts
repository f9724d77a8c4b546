import { Deployment, StatefulSet } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { clusterLabels, managedBy } from '../labels.ts';

/** The garbage collector's mark of a deletion that is to leave the children; it takes it off once they have no owner any more. */
const orphanFinalizer = 'orphan';

/**
 * Whether a cluster is deleted without its children: they are to lose their owner, or have lost it already, which only the API server
 * knows for sure.
 */
export async function isOrphaning(cluster: PrismCluster, pass: Pick<Pass<PrismCluster>, 'list'>): Promise<boolean> {
  if (cluster.metadata.finalizers?.includes(orphanFinalizer) === true) return true;
  const labels = { ...clusterLabels(cluster), 'app.kubernetes.io/managed-by': managedBy };
  const labelSelector = Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const workloads = [
    ...(await pass.list(Deployment, { labelSelector })),
    ...(await pass.list(StatefulSet, { labelSelector })),
  ];
  return workloads.some(({ metadata: { ownerReferences = [] } }) => ownerReferences.length === 0);
}
