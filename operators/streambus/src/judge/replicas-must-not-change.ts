import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Observed } from '../observe.ts';
import type { Guard } from './guard.ts';

/** Membership of raft is fixed at the first start: the broker has no way to add or remove a member. */
export const replicasMustNotChange: Guard = (cluster, observed) => {
  const size = bootstrapSize(cluster, observed);
  const { replicas } = cluster.spec;
  if (size === undefined || size === replicas) return undefined;
  const consequence =
    replicas > size
      ? 'added brokers would never serve, or start a second cluster'
      : 'the quorum would be lost for good';
  const message =
    `spec.replicas is ${replicas}, but this cluster was started with ${size} and its raft membership is fixed at that: ${consequence}. ` +
    `Set spec.replicas back to ${size}; for another size make a new cluster`;
  return { reason: 'ReplicasChangeRefused', message };
};

/** How many brokers the cluster was first started with; `undefined` before that. */
function bootstrapSize({ status }: StreamBusCluster, { statefulSet }: Observed): number | undefined {
  return status?.bootstrapReplicas ?? statefulSet?.spec?.replicas;
}
