import type { PolicyRule } from '@capstan/kube';
import type { Rival } from './rival.ts';

/**
 * What an operator needs to take part in the election on this Lease: rules of a Role in the Lease's namespace.
 * A creation cannot be limited to a name, because the API server does not know the name when it asks for permission.
 */
export function leaseElectionRules(name: string): readonly PolicyRule[] {
  const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  return [
    { ...leases, verbs: ['create'] },
    { ...leases, resourceNames: [name], verbs: ['get', 'list', 'watch', 'update'] },
  ];
}

/**
 * What an operator needs to see whether others are at work: a rule of a ClusterRole, or of a Role in each namespace where they
 * may run. A list and a watch of one name are allowed by that name. No rule where there are no rivals.
 */
export function rivalRules(rivals: readonly Rival[]): readonly PolicyRule[] {
  if (rivals.length === 0) return [];
  const resourceNames = rivals.map(({ lease }) => lease);
  return [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames, verbs: ['list', 'watch'] }];
}
