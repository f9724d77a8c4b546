import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  type ClusterRole,
  ClusterRoleBinding,
  ClusterRole as ClusterRoles,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  type ResourceType,
  ServiceAccount,
} from '@capstan/kube';
import { createLogger, Manager, rbacRulesOf } from '@capstan/runtime';
import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { AuditLog, eventually, untilServed } from '@capstan/testkit';

const account = { namespace: 'streambus-system', name: 'streambus-operator' };

/** Who the operator is on the stage: its own service account, with the permissions its declaration gives it. */
export const operatorUser = `system:serviceaccount:${account.namespace}:${account.name}`;

/** A control plane of its own with the StreamBus CRD and the operator's account, and the operator to start and stop. */
export interface Stage extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly admin: KubeClient;
  readonly audit: AuditLog;
  /** Starts the operator as its own account; resolves when its caches are filled. */
  startOperator(): Promise<RunningOperator>;
  /** Makes a namespace for one test. */
  namespace(name: string): Promise<string>;
}

export interface RunningOperator {
  /** Stops it as SIGTERM would; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Sets the stage. It must be disposed of, also after a failed test. */
export async function setStage(): Promise<Stage> {
  const plane = await startControlPlane({ nodes: 'kwok', audit: true });
  const admin = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
  await installOperator(admin);
  const kubeconfig = await plane.serviceAccountKubeconfig(account);
  return {
    plane,
    admin,
    audit: new AuditLog(plane.auditLog ?? ''),
    startOperator: () => startOperator(kubeconfig),
    namespace: async (name) => {
      await applyAll(admin, [[Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]]);
      return name;
    },
    [Symbol.asyncDispose]: async () => {
      await admin.close();
      await plane.stop();
    },
  };
}

/** The smallest valid cluster, with what a test cares about over it. */
export function cluster(namespace: string, name: string, spec: object = {}): KubeObject {
  const whole = { replicas: 3, storage: { class: 'standard', size: '1Gi', raftSize: '1Gi' }, ...spec };
  return resource({
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    metadata: { namespace, name },
    spec: whole,
  });
}

/** Applies a cluster as a user's kubectl would. */
export function applyCluster(admin: KubeClient, object: KubeObject): Promise<StreamBusCluster> {
  return admin.apply(StreamBusCluster, object as StreamBusCluster, { fieldManager: 'a-user', force: true });
}

async function installOperator(admin: KubeClient): Promise<void> {
  const { namespace, name } = account;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const role: ClusterRole = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: rbacRulesOf(streamBusClusters),
  };
  await applyAll(admin, [
    [Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
    [ServiceAccount, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }],
    [ClusterRoles, role],
    [
      ClusterRoleBinding,
      resource({ apiVersion: role.apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects }),
    ],
    [CustomResourceDefinition, StreamBusCluster.manifest()],
  ]);
  await untilServed(admin, StreamBusCluster, cluster('default', 'probe'), AbortSignal.timeout(30_000));
}

async function applyAll(admin: KubeClient, objects: readonly (readonly [ResourceType, KubeObject])[]): Promise<void> {
  for (const [type, object] of objects) await admin.apply(type, object, { fieldManager: 'stage', force: true });
}

/** Lets a literal with more than metadata be a KubeObject. */
function resource(object: KubeObject & Readonly<Record<string, unknown>>): KubeObject {
  return object;
}

async function startOperator(kubeconfig: string): Promise<RunningOperator> {
  const stop = new AbortController();
  const manager = new Manager({
    connection: await loadKubeConfig({ path: kubeconfig }),
    controllers: [streamBusClusters],
    log: createLogger({ level: 'warn' }),
  });
  const ended = manager.run(stop.signal);
  await eventually(() => {
    if (!manager.isReady) throw new Error('the caches are not filled yet');
  });
  return {
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}
