import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { begins } from '../rebootstrap/advance.ts';
import { reBootstrapAnnotation } from '../rebootstrap/opt-in.ts';
import type { Guard, Judged } from './guard.ts';

/** Membership of raft is fixed at the first start: the broker has no way to add or remove a member. */
export const replicasMustNotChange: Guard = (cluster, observed) => {
  const { raft, replicas } = cluster.spec;
  const isOnItsWay = cluster.status?.reBootstrap !== undefined && cluster.status.reBootstrap.step !== 'Starting';
  if (raft.membership === 'Dynamic' || isOnItsWay || begins(cluster)) return undefined;
  const size = bootstrapSize(cluster, observed);
  if (size === undefined || size === replicas) return undefined;
  const consequence =
    replicas > size
      ? 'added brokers would never serve, or start a second cluster'
      : 'the quorum would be lost for good';
  const message =
    `spec.replicas is ${replicas}, but this cluster was started with ${size} and its raft membership is fixed at that: ${consequence}. ` +
    `Set spec.replicas back to ${size}; for another size make a new cluster, or bootstrap this one anew (annotation ${reBootstrapAnnotation})`;
  return { reason: 'ReplicasChangeRefused', message };
};

/** How many brokers the cluster was first started with; `undefined` before that. */
function bootstrapSize({ status }: StreamBusCluster, { statefulSet }: Judged): number | undefined {
  return status?.bootstrapReplicas ?? statefulSet?.spec?.replicas;
}
