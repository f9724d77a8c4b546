import type { KubeClient, KubeObject, ObjectRef } from '@capstan/kube';
import { applyManifests, readManifests } from './manifests.ts';

/** What is shipped for an operator. */
export interface OperatorManifests {
  /** A file or directory of YAML with its CRDs, Namespace, ServiceAccount, roles and Deployment. */
  readonly manifests: string;
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
export async function installOperator(
  client: KubeClient,
  { manifests, fieldManager }: OperatorManifests,
): Promise<OperatorAccount> {
  const needed = (await readManifests(manifests)).filter(({ kind }) => kind !== 'Deployment');
  await applyManifests(client, needed.toSorted(byTurn), fieldManager);
  const account = needed.find(({ kind }) => kind === 'ServiceAccount')?.metadata;
  if (account?.namespace === undefined) throw new Error(`${manifests} has no ServiceAccount with a namespace`);
  const ref = { namespace: account.namespace, name: account.name };
  return { ref, user: `system:serviceaccount:${ref.namespace}:${ref.name}` };
}

/** What others are of, or live in, cannot be made after them. */
function byTurn(a: KubeObject, b: KubeObject): number {
  return Number(isFirst(b)) - Number(isFirst(a));
}

function isFirst({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' || kind === 'Namespace';
}
