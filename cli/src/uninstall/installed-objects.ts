import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  Deployment,
  type KubeClient,
  type KubeObject,
  Lease,
  NetworkPolicy,
  PodDisruptionBudget,
  type ResourceType,
  Role,
  RoleBinding,
  Service,
  ServiceAccount,
} from '@capstan/kube';
import { isHeld } from '../doctor/at-work.ts';
import { isOurs } from '../doctor/former-operator.ts';
import { UserError } from '../failure.ts';

/** An object that an install of an operator made, and its kind. */
export interface InstalledObject {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/** Kinds in the namespace of the operator, in the order in which they are deleted. */
const inNamespace: readonly ResourceType[] = [
  ...[Deployment, Service, PodDisruptionBudget, NetworkPolicy, ConfigMap],
  ServiceAccount,
];

/**
 * The Deployment of an operator in a namespace; `undefined` where there is none.
 * @throws {UserError} for several of which none is named
 */
export async function operatorDeployment(
  client: KubeClient,
  operator: string,
  { namespace, name }: { readonly namespace: string; readonly name: string | undefined },
): Promise<Deployment | undefined> {
  const { items } = await client.list(Deployment, { namespace });
  const ours = items.filter((each) => isOurs(each, operator) && (name === undefined || each.metadata.name === name));
  if (ours.length > 1) {
    const names = ours.map(({ metadata }) => metadata.name).join(', ');
    throw new UserError(`there are several ${operator} in namespace ${namespace}: name one by --deployment (${names})`);
  }
  return ours[0];
}

/** The namespace of another install that is at work. */
export async function otherAtWork(
  client: KubeClient,
  operator: string,
  namespace: string,
): Promise<string | undefined> {
  const { items } = await client.list(Lease, { fieldSelector: `metadata.name=${operator}` });
  const others = items.filter((lease) => lease.metadata.namespace !== namespace && isHeld(lease, Date.now()));
  return others[0]?.metadata.namespace;
}

/**
 * What an install made, by its label `app.kubernetes.io/name`: in the namespace of the operator, and its permissions wherever they are.
 * What another install needs is not among it, nor is the namespace itself.
 */
export async function installedObjects(
  client: KubeClient,
  operator: string,
  namespace: string,
): Promise<readonly InstalledObject[]> {
  const labelSelector = `app.kubernetes.io/name=${operator}`;
  const lists = await Promise.all(
    inNamespace.map((type) => client.list<KubeObject>(type, { namespace, labelSelector, metadataOnly: true })),
  );
  const own = inNamespace.flatMap((type, index) => (lists[index]?.items ?? []).map((object) => ({ type, object })));
  const permissions = await permissionsOf(client, labelSelector, namespace);
  // What is owned goes with its owner.
  return [...own, ...permissions].filter(({ object }) => (object.metadata.ownerReferences ?? []).length === 0);
}

async function permissionsOf(
  client: KubeClient,
  labelSelector: string,
  namespace: string,
): Promise<readonly InstalledObject[]> {
  const [clusterBindings, bindings, clusterRoles, roles] = await Promise.all([
    client.list(ClusterRoleBinding, { labelSelector }),
    client.list(RoleBinding, { labelSelector }),
    client.list<KubeObject>(ClusterRole, { labelSelector, metadataOnly: true }),
    client.list<KubeObject>(Role, { labelSelector, metadataOnly: true }),
  ]);
  const all: readonly Binding[] = [...clusterBindings.items, ...bindings.items];
  const isOfOthers = ({ subjects = [] }: Binding) => subjects.some((subject) => subject.namespace !== namespace);
  const others = all.filter(isOfOthers);
  const isNeeded = (role: KubeObject) => others.some((binding) => bindsTo(binding, role));
  const isMine = (role: KubeObject) =>
    !isNeeded(role) && (others.length === 0 || all.some((binding) => bindsTo(binding, role)));
  return [
    ...clusterBindings.items.filter((each) => !isOfOthers(each)).map(of(ClusterRoleBinding)),
    ...bindings.items.filter((each) => !isOfOthers(each)).map(of(RoleBinding)),
    ...clusterRoles.items.filter(isMine).map(of(ClusterRole)),
    ...roles.items.filter(isMine).map(of(Role)),
  ];
}

type Binding = ClusterRoleBinding | RoleBinding;

function bindsTo({ metadata, roleRef }: Binding, role: KubeObject): boolean {
  const isThere = role.metadata.namespace === undefined || role.metadata.namespace === metadata.namespace;
  return roleRef.kind === role.kind && roleRef.name === role.metadata.name && isThere;
}

function of(type: ResourceType): (object: KubeObject) => InstalledObject {
  return (object) => ({ type, object });
}
