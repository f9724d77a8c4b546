import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { InputOf } from '@capstan/crd';
import {
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  StorageClass,
} from '@capstan/kube';
import { createLogger, type Logger, Manager, type RunnableFactory } from '@capstan/runtime';
import { StreamBusCluster, streamBusController } from '@capstan/streambus-operator';
import { eventually, untilServed } from '@capstan/testkit';
import { expect } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/capstan.mjs', import.meta.url));

/** How a command ended, and what it said. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user would. */
export function capstan(args: readonly string[], input = ''): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [launcher, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** The StreamBus kind on a shared control plane, and its operator to start and stop. */
export interface StreamBusWorld extends AsyncDisposable {
  readonly client: KubeClient;
  /** Makes a namespace for one test. */
  namespace(name: string): Promise<string>;
  /** Starts the operator in one namespace; resolves when its caches are filled. */
  operate(namespace: string, beside?: readonly RunnableFactory[]): Promise<AsyncDisposable>;
  /** Applies a cluster of three brokers as `kubectl apply --server-side` does, and waits until it is ready. */
  readyCluster(namespace: string): Promise<StreamBusCluster>;
}

/** A cluster of three brokers with the settings a test is about. */
export function cluster(namespace: string, spec: InputOf<typeof StreamBusCluster>['spec'] = {}): StreamBusCluster {
  return StreamBusCluster.withDefaults({
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    metadata: { namespace, name: 'orders' },
    spec,
  });
}

/** Volumes are directories of this machine. */
const standard: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard' },
  provisioner: 'kubernetes.io/host-path',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
};

/** Installs the kind. */
export async function streamBusWorld(kubeconfig: string): Promise<StreamBusWorld> {
  const connection = await loadKubeConfig({ path: kubeconfig });
  const client = createClient(connection);
  await client.apply(CustomResourceDefinition, StreamBusCluster.manifest(), { fieldManager: 'test', force: true });
  await client.apply(StorageClass, standard, { fieldManager: 'test', force: true });
  await untilServed(client, StreamBusCluster, cluster('default'), AbortSignal.timeout(30_000));
  const log: Logger = createLogger({ level: 'error' });
  return {
    client,
    namespace: async (name) => {
      const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await client.apply(Namespace, body, { fieldManager: 'test' });
      return name;
    },
    operate: async (namespace, beside = []) => {
      const stop = new AbortController();
      const controllers = [streamBusController()];
      const manager = new Manager({ connection, controllers, namespaces: [namespace], log, beside });
      const running = manager.run(stop.signal);
      await eventually(() => expect(manager.isReady).toBe(true));
      const end = async () => {
        stop.abort();
        await running;
      };
      return { [Symbol.asyncDispose]: end };
    },
    readyCluster: async (namespace) => {
      const read = () => client.get(StreamBusCluster, { namespace, name: 'orders' });
      await client.apply(StreamBusCluster, cluster(namespace), { fieldManager: 'kubectl', force: true });
      await eventually(async () => expect((await read())?.status?.phase).toBe('Running'), { timeout: 30_000 });
      const found = await read();
      if (found === undefined) throw new Error('the cluster is gone');
      return found;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
