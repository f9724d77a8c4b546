import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  ClusterRole,
  ClusterRoleBinding,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  Secret,
  ServiceAccount,
} from '@capstan/kube';
import { applyManifests, installKinds, openWorld, readManifests, type Wanted, type World } from '@capstan/testkit';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { federationController } from './controller.ts';

const fieldManager = 'a-platform';
const dnsDefinition = fileURLToPath(
  new URL('../../../../test/third-party/external-dns/dnsendpoints.externaldns.k8s.io.yaml', import.meta.url),
);

/** One cluster of a federation, as its own people see it. */
export interface RemotePlane {
  readonly name: string;
  readonly plane: ControlPlane;
  readonly admin: KubeClient;
  /** What the federation may know of it; never in any output. */
  readonly secret: Readonly<Record<string, string>>;
}

/** A federation over three control planes: the one it is managed from, and two more. */
export interface Federated extends AsyncDisposable {
  readonly world: World;
  readonly remotes: readonly [RemotePlane, RemotePlane, RemotePlane];
  /** The namespace of the PrismClusters, the same in all three. */
  readonly namespace: string;
}

/** The namespace of the PrismClusters. */
const namespace = 'prism';

/** Starts three control planes, installs what belongs there, and the controller in the first. */
export async function openFederated(): Promise<Federated> {
  await using building = new AsyncDisposableStack();
  const home = building.use(await startControlPlane({ nodes: 'none', audit: true }));
  const others = await Promise.all([1, 2].map(() => startControlPlane({ nodes: 'none', controllers: false })));
  for (const each of others) building.use(each);
  const [east, west] = others;
  if (east === undefined || west === undefined) throw new Error('two were started');
  const remotes = [
    await prepare('home', home, building),
    await prepare('east', east, building),
    await prepare('west', west, building),
  ] as const;
  await applyManifests(remotes[0].admin, await readManifests(dnsDefinition), fieldManager);
  const world = building.use(
    await openWorld({
      controllers: [federationController({ env: {} })],
      kinds: [PrismCluster],
      name: 'federation',
      plane: home,
    }),
  );
  for (const { name, secret } of remotes) await world.apply(Secret, { metadata: { name }, stringData: secret });
  const rest = building.move();
  return { world, remotes: [...remotes], namespace, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

async function prepare(name: string, plane: ControlPlane, building: AsyncDisposableStack): Promise<RemotePlane> {
  const connection = await loadKubeConfig({ path: plane.kubeconfig });
  const admin = createClient(connection);
  building.defer(() => admin.close());
  await installKinds(admin, [PrismCluster]);
  await admin.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager },
  );
  await grant(admin);
  const path = await plane.serviceAccountKubeconfig({ namespace, name: 'federation' });
  const kubeconfig = await readFile(path, 'utf8');
  if (name === 'east') return { name, plane, admin, secret: { kubeconfig } };
  const token = (await (await loadKubeConfig({ path })).credentials.current()).headers['authorization'];
  const ca = (await connection.certificateAuthority()) ?? '';
  return {
    name,
    plane,
    admin,
    secret: { token: `${token}`.replace('Bearer ', ''), server: plane.server, 'ca.crt': ca },
  };
}

/** What docs/prism-federation.md says the federation needs in each cluster. */
async function grant(admin: KubeClient): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: 'prism-federation' };
  const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
  const rules = [{ apiGroups: ['prism.io'], resources: ['prismclusters'], verbs }];
  const subjects = [{ kind: 'ServiceAccount', namespace, name: 'federation' }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'federation' } } as const;
  await admin.apply(ServiceAccount, account, { fieldManager });
  await admin.apply(ClusterRole, { apiVersion, kind: 'ClusterRole', metadata, rules }, { fieldManager });
  await admin.apply(
    ClusterRoleBinding,
    { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
    { fieldManager },
  );
}

type Spec = Wanted<typeof PrismFederation>['spec'];

/** A federation of the three in which home is the last resort; probes are quick. */
export function wantedFederation({ remotes }: Federated, spec: Partial<Spec> = {}): Wanted<typeof PrismFederation> {
  return {
    metadata: { name: 'global' },
    spec: {
      clusters: remotes.map(({ name, plane }, index) => ({
        ...{ name, endpoint: plane.server, credentialsSecret: { name }, prismCluster: { namespace } },
        ...{ priority: [30, 10, 20][index] ?? 100 },
      })),
      routing: {
        ...{ strategy: 'priority', failureThreshold: 3, successThreshold: 3, holdSeconds: 5 },
        probe: { intervalSeconds: 1, timeoutSeconds: 1 },
      },
      ...spec,
    },
  };
}

/** Plays the operator of a cluster: says that the proxies of its PrismCluster serve, or not. */
export async function tellServing({ admin }: RemotePlane, isServing = true): Promise<void> {
  const condition = {
    ...{ type: 'ProxyHealthy', status: isServing ? 'True' : 'False', reason: 'AllReady', message: '' },
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const body = { status: { phase: isServing ? 'Running' : 'Degraded', conditions: [condition] } };
  await admin.patch(PrismCluster, { namespace, name: 'global' }, { kind: 'merge', body }, { subresource: 'status' });
}
