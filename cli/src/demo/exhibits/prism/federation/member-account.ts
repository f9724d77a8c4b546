import { readFile } from 'node:fs/promises';
import type { ControlPlane } from '@capstan/controlplane';
import { ClusterRole, ClusterRoleBinding, type KubeClient, ServiceAccount } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';

const name = 'prism-federation';
const manager = { fieldManager: 'capstan-demo', force: true } as const;

/**
 * Makes the account that a federation which only observes needs in a cluster, with those permissions and no others.
 *
 * @param namespace of the PrismCluster there
 * @returns the contents of a kubeconfig of it: not for any output
 */
export async function memberAccount(plane: ControlPlane, client: KubeClient, namespace: string): Promise<string> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } } as const;
  const { group, plural } = PrismCluster;
  const rules = [{ apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'watch'] }];
  const binding = {
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  };
  await client.apply(ServiceAccount, account, manager);
  await client.apply(ClusterRole, { apiVersion, kind: 'ClusterRole', metadata: { name }, rules }, manager);
  await client.apply(
    ClusterRoleBinding,
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, ...binding },
    manager,
  );
  return await readFile(await plane.serviceAccountKubeconfig({ namespace, name }), 'utf8');
}
