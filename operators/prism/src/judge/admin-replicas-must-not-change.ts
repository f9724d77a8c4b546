import type { Guard } from './guard.ts';

/** Membership of raft is fixed at the first start: prism-admin has no way to add or remove a member. */
export const adminReplicasMustNotChange: Guard = ({ spec }, { bootstrapped }) => {
  const { replicas } = spec.admin;
  if (bootstrapped === 0 || replicas === bootstrapped) return undefined;
  const consequence =
    replicas > bootstrapped
      ? 'the added members would form a group of their own, and every namespace would be lost without an error'
      : 'the members that are left would never elect a leader again';
  const message =
    `spec.admin.replicas is ${replicas}, but prism-admin was started with ${bootstrapped} and its raft membership is fixed at that: ${consequence}. ` +
    `Set spec.admin.replicas back to ${bootstrapped}. For another number make a cluster of another name and create the namespaces there; ` +
    'this operator cannot bootstrap prism-admin anew yet';
  return { reason: 'AdminReplicasChangeRefused', message };
};
