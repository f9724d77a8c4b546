import {
  ClusterRole,
  ClusterRoleBinding,
  type KubeClient,
  type PolicyRule,
  type ResourceType,
  Role,
  RoleBinding,
} from '@capstan/kube';
import { type Controller, type RbacOptions, rbacOf } from '@capstan/runtime';

const types: readonly ResourceType[] = [Role, RoleBinding, ClusterRole, ClusterRoleBinding];

/** What controllers were permitted by what they declare. */
export interface DeclaredPermissions extends AsyncDisposable {
  readonly rules: readonly PolicyRule[];
}

/** Grants an account what controllers declare, by the very roles and bindings that are shipped with them. */
export async function grantDeclared(
  admin: KubeClient,
  controllers: readonly Controller[],
  options: RbacOptions,
): Promise<DeclaredPermissions> {
  const objects = rbacOf(controllers, options);
  const granted = objects.map(({ kind, metadata, ...rest }) => ({
    type: typeOf(kind),
    ref: { namespace: metadata.namespace, name: metadata.name ?? options.name },
    rules: 'rules' in rest ? (rest.rules as readonly PolicyRule[]) : [], // what a Role and a ClusterRole have under this name
    body: { kind, metadata, ...rest },
  }));
  for (const { type, body } of granted) await admin.apply(type, body, { fieldManager: 'capstan-testkit', force: true });
  // What lives in the namespace of the account goes with it.
  const elsewhere = granted.filter(({ ref }) => ref.namespace !== options.serviceAccount.namespace);
  return {
    rules: granted.flatMap(({ rules }) => rules),
    [Symbol.asyncDispose]: async () => {
      for (const { type, ref } of elsewhere) await admin.delete(type, ref);
    },
  };
}

function typeOf(kind: string): ResourceType {
  const type = types.find((each) => each.kind === kind);
  if (type === undefined) throw new Error(`permissions are roles and bindings, not a ${kind}`);
  return type;
}
