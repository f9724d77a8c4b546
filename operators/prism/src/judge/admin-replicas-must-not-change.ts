import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { begins } from '../rebootstrap/advance.ts';
import { lossText, optInCommand } from '../rebootstrap/opt-in.ts';
import type { Guard, Judged } from './guard.ts';

/** Membership of raft is fixed at the first start: prism-admin has no way to add or remove a member. */
export const adminReplicasMustNotChange: Guard = (cluster, { admin, replays }) => {
  const { replicas } = cluster.spec.admin;
  const { bootstrapped } = admin;
  if (bootstrapped === 0 || replicas === bootstrapped || isOnItsWay(cluster, admin)) return undefined;
  const consequence =
    replicas > bootstrapped
      ? 'the added members would form a group of their own, and every namespace would be lost without an error'
      : 'the members that are left would never elect a leader again';
  const message =
    `spec.admin.replicas is ${replicas}, but prism-admin was started with ${bootstrapped} and its raft membership is fixed at that: ${consequence}. ` +
    `Set spec.admin.replicas back to ${bootstrapped}, or agree to have prism-admin bootstrapped anew, empty: ` +
    `${optInCommand(cluster, bootstrapped, replicas)}. ${lossText(cluster, replays)}`;
  return { reason: 'AdminReplicasChangeRefused', message };
};

/** Just this change was agreed to; or its first step is taken, which goes on whatever becomes of the annotation. */
function isOnItsWay(cluster: PrismCluster, admin: Judged['admin']): boolean {
  const { rebootstrap } = admin;
  const isStopping = rebootstrap?.step === 'Stopping' && rebootstrap.to === cluster.spec.admin.replicas;
  return isStopping || begins(cluster, admin);
}
