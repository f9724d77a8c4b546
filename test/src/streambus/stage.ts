import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { createClient, type KubeClient, type KubeObject, loadKubeConfig, Namespace } from '@capstan/kube';
import { createLogger, Manager } from '@capstan/runtime';
import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { AuditLog, eventually, installOperator, untilServed } from '@capstan/testkit';

const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));

/** A control plane of its own with the StreamBus CRD and the operator's account, and the operator to start and stop. */
export interface Stage extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly admin: KubeClient;
  readonly audit: AuditLog;
  /** The kubeconfig of the operator's own account. */
  readonly operatorKubeconfig: string;
  /** Who the operator is to the API server: its own account, with the permissions it ships with. */
  readonly operatorUser: string;
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
  const manifests = { crds: `${deploy}/crds`, operator: `${deploy}/streambus-operator`, fieldManager: 'stage' };
  const { ref, user } = await installOperator(admin, manifests);
  await untilServed(admin, StreamBusCluster, cluster('default', 'probe'), AbortSignal.timeout(30_000));
  const kubeconfig = await plane.serviceAccountKubeconfig(ref);
  return {
    plane,
    admin,
    audit: new AuditLog(plane.auditLog ?? ''),
    operatorKubeconfig: kubeconfig,
    operatorUser: user,
    startOperator: () => startOperator(kubeconfig),
    namespace: async (name) => {
      await admin.apply(
        Namespace,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
        { fieldManager: 'stage' },
      );
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
