import type { Draft, RoleBinding } from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { pathSegment } from './names.ts';

/** Which rules, and for whom. The rules of a binding cannot be changed later; its accounts can. */
export interface RoleBindingOptions {
  /** A Role of the same namespace, or a ClusterRole whose rules then hold in this namespace only. */
  readonly roleRef: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  /** In the binding's namespace unless told. */
  readonly serviceAccounts: readonly { readonly name: string; readonly namespace?: string }[];
}

/**
 * Gives the rules of a role to service accounts.
 * @throws {InvalidChildError} when neither an account nor the binding names a namespace
 */
export function roleBinding(metadata: ChildMetadata, options: RoleBindingOptions): Draft<RoleBinding> {
  const { roleRef, serviceAccounts } = options;
  const subjects = serviceAccounts.map(({ name, namespace = metadata.namespace }, index) => {
    if (namespace !== undefined) return { kind: 'ServiceAccount', name, namespace };
    throw new InvalidChildError(`RoleBinding/${metadata.name}`, [
      `serviceAccounts[${index}].namespace: is missing: a subject needs one, so give it here or in metadata.namespace`,
    ]);
  });
  const draft: Draft<RoleBinding> = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef },
    subjects,
  };
  return child<RoleBinding>(draft, pathSegment);
}
