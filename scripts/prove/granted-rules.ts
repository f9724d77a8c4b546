import { ClusterRole, ClusterRoleBinding, type KubeClient, type PolicyRule, Role, RoleBinding } from '@capstan/kube';

/** Every rule that is bound to a service account, in whatever namespace: what it may do, as the API server has it. */
export async function grantedRules(
  client: KubeClient,
  account: { readonly namespace: string; readonly name: string },
): Promise<readonly PolicyRule[]> {
  const isFor = ({ subjects = [] }: Pick<ClusterRoleBinding, 'subjects'>) =>
    subjects.some(
      ({ kind, namespace, name }) =>
        kind === 'ServiceAccount' && namespace === account.namespace && name === account.name,
    );
  const [everywhere, inNamespaces] = await Promise.all([client.list(ClusterRoleBinding), client.list(RoleBinding)]);
  const refs = [...everywhere.items, ...inNamespaces.items]
    .filter(isFor)
    .map(({ roleRef, metadata }) => ({ roleRef, namespace: metadata.namespace ?? '' }));
  const rules = await Promise.all(refs.map(({ roleRef, namespace }) => rulesOf(client, roleRef, namespace)));
  return rules.flat();
}

async function rulesOf(
  client: KubeClient,
  { kind, name }: ClusterRoleBinding['roleRef'],
  namespace: string,
): Promise<readonly PolicyRule[]> {
  const role = kind === 'Role' ? await client.get(Role, { namespace, name }) : await client.get(ClusterRole, { name });
  return role?.rules ?? [];
}
