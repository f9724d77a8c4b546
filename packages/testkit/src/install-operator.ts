import type { KubeClient, KubeObject, ObjectRef } from '@capstan/kube';
import { applyManifests, readManifests } from './manifests.ts';

/** Where what is shipped for an operator lies: files or directories of YAML. */
export interface OperatorManifests {
  readonly crds: string;
  /** Namespace, ServiceAccount, ClusterRole, ClusterRoleBinding, Deployment. */
  readonly operator: string;
  readonly fieldManager: string;
}

/** The account that an operator's manifests make for it. */
export interface OperatorAccount {
  readonly ref: ObjectRef & { readonly namespace: string };
  /** As RBAC and the audit log call it: `system:serviceaccount:NAMESPACE:NAME`. */
  readonly user: string;
}

/**
 * Installs what an operator needs in a cluster, as it is shipped: its CRDs, its account and permissions. Not its
 * Deployment: whoever calls this runs the operator as a process of this machine.
 * Throws an Error when the manifests have no ServiceAccount with a namespace.
 */
export async function installOperator(client: KubeClient, manifests: OperatorManifests): Promise<OperatorAccount> {
  const [crds, objects] = await Promise.all([readManifests(manifests.crds), readManifests(manifests.operator)]);
  const needed = objects.filter(({ kind }) => kind !== 'Deployment');
  await applyManifests(client, [...crds, ...namespacesFirst(needed)], manifests.fieldManager);
  const account = needed.find(({ kind }) => kind === 'ServiceAccount')?.metadata;
  if (account?.namespace === undefined) throw new Error(`${manifests.operator} has no ServiceAccount with a namespace`);
  const ref = { namespace: account.namespace, name: account.name };
  return { ref, user: `system:serviceaccount:${ref.namespace}:${ref.name}` };
}

/** What lives in a namespace cannot be made before it. */
function namespacesFirst(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));
}
