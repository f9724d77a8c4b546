import type { PolicyRule } from '@capstan/kube';

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
