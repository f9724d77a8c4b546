import {
  ClusterRole,
  ClusterRoleBinding,
  type Connection,
  discover,
  type KubeClient,
  type KubeObject,
  type PolicyRule,
  type ResourceType,
  Role,
  RoleBinding,
  ServiceAccount,
} from '@capstan/kube';

/** Who an operator under test is, and what it may do: exactly its rules. */
export interface OperatorIdentity extends AsyncDisposable {
  /** As RBAC and the audit log call it: `system:serviceaccount:NAMESPACE:NAME`. */
  readonly user: string;
  /** A token of its service account, valid for a day. Never logged. */
  readonly token: string;
}

export interface IdentityOptions {
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** Whether the rules hold in every namespace. Rules on cluster-scoped kinds always do. */
  readonly clusterWide: boolean;
}

const fieldManager = 'capstan-testkit';
const tokenSeconds = 86_400;

/** Makes a service account with exactly these permissions, and a token for it. */
export async function createIdentity(admin: KubeClient, options: IdentityOptions): Promise<OperatorIdentity> {
  const { namespace, name } = options;
  const metadata = { namespace, name };
  await admin.apply(
    ServiceAccount,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { fieldManager, force: true },
  );
  const { inNamespace, everywhere } = options.clusterWide
    ? { inNamespace: [], everywhere: options.rules }
    : await splitByScope(admin, options.rules);
  if (inNamespace.length > 0) await grantInNamespace(admin, options, inNamespace);
  const clusterRole = `${namespace}-${name}`;
  if (everywhere.length > 0) await grantEverywhere(admin, clusterRole, options, everywhere);
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    token: await tokenFor(admin, metadata),
    [Symbol.asyncDispose]: async () => {
      // What lives in the namespace goes with it.
      await admin.delete(ClusterRoleBinding, { name: clusterRole });
      await admin.delete(ClusterRole, { name: clusterRole });
    },
  };
}

/** The connection of the operator: the administrator's server, the operator's token. */
export function connectionWith(token: string, direct: Connection): Connection {
  const headers = { authorization: `Bearer ${token}` };
  return { ...direct, credentials: { current: async () => ({ headers }), renew: async () => false } };
}

/** A kubeconfig for programs. JSON is YAML, so every client reads it. */
export async function kubeconfigFor(connection: Connection, token: string, namespace: string): Promise<string> {
  const authority = await connection.certificateAuthority();
  const data = Buffer.from(authority ?? '', 'utf8').toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: connection.server, 'certificate-authority-data': data } }],
    users: [{ name: 'operator', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'operator', namespace } }],
    'current-context': 'test',
  });
}

interface TokenRequest extends KubeObject {
  readonly spec: { readonly expirationSeconds: number };
  readonly status?: { readonly token?: string };
}

/** A service account's `token` is created as an object of another group. */
const TokenRequest: ResourceType<TokenRequest> = {
  group: '',
  version: 'v1',
  kind: 'TokenRequest',
  plural: 'serviceaccounts',
  namespaced: true,
};

async function tokenFor(
  admin: KubeClient,
  metadata: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata,
    spec: { expirationSeconds: tokenSeconds },
  };
  const { status } = await admin.create(TokenRequest, body, { subresource: 'token' });
  if (status?.token === undefined)
    throw new Error(`the API server gave no token for service account ${metadata.namespace}/${metadata.name}`);
  return status.token;
}

async function grantInNamespace(
  admin: KubeClient,
  { namespace, name }: IdentityOptions,
  rules: readonly PolicyRule[],
): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { namespace, name };
  await admin.apply(Role, { apiVersion, kind: 'Role', metadata, rules }, { fieldManager, force: true });
  const binding = {
    apiVersion,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  } as const;
  await admin.apply(RoleBinding, binding, { fieldManager, force: true });
}

async function grantEverywhere(
  admin: KubeClient,
  role: string,
  { namespace, name }: IdentityOptions,
  rules: readonly PolicyRule[],
): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: role };
  await admin.apply(ClusterRole, { apiVersion, kind: 'ClusterRole', metadata, rules }, { fieldManager, force: true });
  const binding = {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  } as const;
  await admin.apply(ClusterRoleBinding, binding, { fieldManager, force: true });
}

interface SplitRules {
  readonly inNamespace: readonly PolicyRule[];
  readonly everywhere: readonly PolicyRule[];
}

/** A Role cannot grant what has no namespace. The server is asked which kinds those are. */
async function splitByScope(admin: KubeClient, rules: readonly PolicyRule[]): Promise<SplitRules> {
  const { types } = await discover(admin);
  const clusterScoped = new Set(
    types.filter(({ namespaced }) => !namespaced).map(({ group, plural }) => `${group}/${plural}`),
  );
  const split = (wanted: boolean) =>
    rules.flatMap((rule) => {
      if (rule.nonResourceURLs !== undefined) return wanted ? [rule] : [];
      const [group = ''] = rule.apiGroups ?? [];
      const resources = (rule.resources ?? []).filter(
        (resource) => clusterScoped.has(`${group}/${resource.split('/')[0]}`) === wanted,
      );
      return resources.length === 0 ? [] : [{ ...rule, resources }];
    });
  return { inNamespace: split(false), everywhere: split(true) };
}
