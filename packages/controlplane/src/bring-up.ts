import { readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedCertificate } from '@capstan/pki';
import { type AdminApi, openAdminApi } from './admin-api.ts';
import type { BinaryPaths } from './binaries/resolve.ts';
import { resolveBinaries } from './binaries/resolve.ts';
import { KUBERNETES_VERSION } from './binaries/versions.ts';
import { kwokPermissions, node, storageClass } from './bootstrap-objects.ts';
import { AUDIT_POLICY, COMPONENT_IDENTITIES, componentKubeconfig, type InstancePaths } from './component-arguments.ts';
import { type ComponentLauncher, type ComponentName, Components } from './components.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane.ts';
import { ControlPlaneError, systemErrorCode } from './control-plane-error.ts';
import { isPortFree, pickPort } from './free-port.ts';
import {
  claimInstanceDirectory,
  type InstanceDirectory,
  releaseInstanceDirectory,
  removeAbandonedDirectories,
} from './instance-directory.ts';
import { type InstancePki, openPki } from './instance-pki.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { startKwok } from './kwok-start.ts';
import { launchers } from './launchers.ts';
import { runSteps, type Step } from './progress.ts';
import { awaitDefaultServiceAccount, awaitEtcd, awaitReadyz, describeExit } from './readiness.ts';
import { RunningControlPlane } from './running-control-plane.ts';
import { waitUntil } from './wait-until.ts';

/** How often the API server is started on yet another port, when somebody took the one just found free. */
const PORT_ATTEMPTS = 5;
/** How long to wait for the port of an earlier run before taking another. */
const PORT_WAIT_MS = 6_000;

/** What is known of an instance while it is being started. */
interface Instance {
  readonly options: ControlPlaneOptions;
  readonly version: string;
  readonly binaries: BinaryPaths;
  readonly directory: InstanceDirectory;
  readonly components: Components;
  readonly pki: InstancePki;
  readonly admin: KeyedCertificate;
  readonly launch: Readonly<Record<ComponentName, ComponentLauncher>>;
  /** Settled once the API server has bound it. */
  port: number;
}

/** Does what `startControlPlane` promises. */
export async function bringUp(options: ControlPlaneOptions): Promise<ControlPlane> {
  validate(options);
  const { assets, onProgress, signal, version = KUBERNETES_VERSION } = options;
  const binaries = await resolveBinaries({ version, assets, onProgress, signal });
  await removeAbandonedDirectories();
  const directory = await claimInstanceDirectory(options.dir);
  const components = new Components((component, process, status) =>
    options.onUnexpectedExit?.({ component, how: describeExit(status), logFile: process.logFile }),
  );
  try {
    const instance = await prepare({ options, version, binaries, directory, components });
    const api = await startInOrder(instance);
    const server = serverUrl(instance.port);
    return new RunningControlPlane({ ...instance, api, server, audit: options.audit ?? false, nodes: options.nodes });
  } catch (error) {
    const { dir } = directory.paths;
    // Before what was written is removed, which makes room again.
    const isFull = systemErrorCode(error) === 'ENOSPC' || (await isDiskFull(dir));
    await components.stopAll();
    await releaseInstanceDirectory(directory);
    throw isFull ? diskFull(error, dir) : error;
  }
}

function validate(options: ControlPlaneOptions): void {
  options.signal?.throwIfAborted();
  if (options.nodes === 'kwok' && options.controllers === false) {
    const why = 'pods wait for a scheduler and a service account';
    throw new ControlPlaneError('InvalidOption', `nodes: 'kwok' does not go with controllers: false: ${why}`);
  }
}

async function prepare(
  known: Pick<Instance, 'options' | 'version' | 'binaries' | 'directory' | 'components'>,
): Promise<Instance> {
  const { options, binaries } = known;
  const { paths } = known.directory;
  const pki = await openPki(paths.pki, new Date());
  const instance: Instance = {
    ...known,
    pki,
    admin: await pki.clientCertificate('capstan:admin', ['system:masters']),
    port: await choosePort(options.port, paths),
    launch: launchers({
      paths,
      binaries,
      durable: options.durable ?? false,
      audit: options.audit ?? false,
      admissionPlugins: options.admissionPlugins ?? [],
      port: () => instance.port,
    }),
  };
  await writeFile(paths.auditPolicy, AUDIT_POLICY);
  return instance;
}

async function startInOrder(instance: Instance): Promise<AdminApi> {
  const { options, components, launch } = instance;
  const { paths } = instance.directory;
  let api: AdminApi | undefined;
  const steps: Step[] = [
    {
      title: 'Starting etcd',
      typicalMs: 300,
      run: async () => await awaitEtcd(paths.etcdSocket, await components.start('etcd', launch.etcd), options.signal),
    },
    {
      title: 'Starting kube-apiserver',
      typicalMs: 3_500,
      run: async () => {
        api = await startApiServer(instance);
      },
    },
    {
      title: options.nodes === 'kwok' ? 'Starting controllers, scheduler and kwok' : 'Starting controllers',
      typicalMs: 1_500,
      run: async () => {
        if (api !== undefined) await furnish(instance, api);
      },
    },
  ];
  await runSteps(steps, options.onProgress ?? (() => {}));
  if (api === undefined) throw new Error('the API server step ended without an API');
  return api;
}

/** Starts the API server and waits until it is ready; takes another port when the one found free was taken meanwhile. */
async function startApiServer(instance: Instance): Promise<AdminApi> {
  const { options, components, launch } = instance;
  for (let attempt = 1; ; attempt += 1) {
    const api = openAdminApi({
      server: serverUrl(instance.port),
      certificateAuthority: instance.pki.authority.certificate,
      identity: instance.admin,
    });
    const process = await components.start('kube-apiserver', launch['kube-apiserver']);
    try {
      await awaitReadyz(api, process, options.signal);
      await writeFile(portFile(instance.directory.paths), String(instance.port));
      return api;
    } catch (error) {
      api.close();
      const portTaken = process.exitStatus !== undefined && !(await isPortFree(instance.port));
      if (!portTaken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
      instance.port = await pickPort();
    }
  }
}

/** Writes the kubeconfigs, applies the objects that every control plane has, and starts what works on objects. */
async function furnish(instance: Instance, api: AdminApi): Promise<void> {
  const { options, components, launch } = instance;
  await writeKubeconfigs(instance);
  await applyObjects(options, api);
  if (options.controllers === false) return;
  const manager = await components.start('kube-controller-manager', launch['kube-controller-manager']);
  if (options.nodes === 'kwok') {
    await components.start('kube-scheduler', launch['kube-scheduler']);
    await startKwok(api, components, launch.kwok);
  }
  await awaitDefaultServiceAccount(api, manager, options.signal);
}

async function applyObjects(options: ControlPlaneOptions, api: AdminApi): Promise<void> {
  const playing = options.nodes === 'kwok' ? [...kwokPermissions(), node({ name: 'node-1' })] : [];
  await Promise.all([storageClass(), ...playing].map(({ path, object }) => api.apply(path, object)));
}

async function writeKubeconfigs({ directory, pki, admin, port }: Instance): Promise<void> {
  const { paths } = directory;
  const base = { server: serverUrl(port), certificateAuthority: pki.authority.certificate, clusterName: 'capstan' };
  const write = async (path: string, user: string, certificate: KeyedCertificate): Promise<void> =>
    await writeKubeconfig(path, { ...base, user, identity: { kind: 'certificate', certificate } });
  await write(paths.kubeconfig, 'capstan:admin', admin);
  for (const [component, { user, groups }] of Object.entries(COMPONENT_IDENTITIES)) {
    await write(componentKubeconfig(paths, component), user, await pki.clientCertificate(user, groups));
  }
}

async function choosePort(asked: number | undefined, paths: InstancePaths): Promise<number> {
  if (asked !== undefined) {
    if (await isPortFree(asked)) return asked;
    throw new ControlPlaneError(
      'PortInUse',
      `port ${asked} on 127.0.0.1 is in use: stop what listens there, or name another port`,
    );
  }
  const before = await portUsedBefore(paths);
  if (before === undefined) return await pickPort();
  // The API server of a killed run gives its port back within seconds; somebody else's never does.
  const free = await waitUntil(() => isPortFree(before), { timeoutMs: PORT_WAIT_MS, intervalMs: 50 });
  return free ? before : await pickPort();
}

async function portUsedBefore(paths: InstancePaths): Promise<number | undefined> {
  try {
    const port = Number(await readFile(portFile(paths), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function portFile(paths: InstancePaths): string {
  return join(paths.dir, 'port');
}

function serverUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}

/** etcd reserves 64 MB at once, and a component that finds less says so only in its log. */
const LEAST_SPACE_BYTES = 64 * 1024 * 1024;

async function isDiskFull(dir: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize < LEAST_SPACE_BYTES;
}

function diskFull(cause: unknown, dir: string): ControlPlaneError {
  const message = `no space left for ${dir}: free about 500 MB there, or use a larger disk (TMPDIR, or CAPSTAN_CACHE for "capstan up")`;
  return new ControlPlaneError('DiskFull', message, { cause });
}
