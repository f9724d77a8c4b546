import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ControlPlane, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { Deployment, type KubeClient, Namespace } from '@capstan/kube';
import { type UninstalledOperator, uninstallRules } from '@capstan/runtime';
import { applyManifests, createIdentity, eventually, installOperator, readManifests } from '@capstan/testkit';
import { type CommandOutcome, runNode } from './run-node.ts';

/** An operator as it is shipped. */
export interface ShippedOperator extends UninstalledOperator {
  /** The folder of its package under `operators/`. */
  readonly folder: string;
  /** Of its manifests in `deploy/`. */
  readonly namespace: string;
  /** Further flags of the operator. */
  readonly flags?: readonly string[];
}

/** Longer than a Lease lasts whose holder was killed. */
const patiently = { timeout: 45_000 } as const;
const uninstaller = 'uninstaller';

/**
 * An operator that is installed by the manifests that are shipped. Its pods have no processes, so one process of this machine stands for
 * them: with the account of the operator, and for as long as its Deployment asks for a pod.
 */
export class InstalledOperator implements AsyncDisposable {
  readonly #plane: ControlPlane;
  readonly #admin: KubeClient;
  readonly #shipped: ShippedOperator;
  readonly #following = new AbortController();
  #process: TetheredProcess | undefined;
  #starts = 0;

  constructor(plane: ControlPlane, admin: KubeClient, shipped: ShippedOperator) {
    this.#plane = plane;
    this.#admin = admin;
    this.#shipped = shipped;
  }

  /** Installs it, again where something of it is left, and starts it; resolves when it leads. */
  async install(): Promise<void> {
    await this.apply();
    await this.#start();
  }

  /** Applies its manifests, as soon as what is still being deleted is gone. */
  async apply(): Promise<void> {
    const { name } = this.#shipped;
    const manifests = fileURLToPath(new URL(`../../../deploy/${name}.yaml`, import.meta.url));
    const deployments = (await readManifests(manifests)).filter(({ kind }) => kind === Deployment.kind);
    await eventually(async () => {
      await installOperator(this.#admin, { manifests, fieldManager: 'installer' });
      await applyManifests(this.#admin, deployments, 'installer');
    }, patiently);
  }

  async #start(): Promise<void> {
    const { folder, namespace, name, flags = [] } = this.#shipped;
    const kubeconfig = await this.#plane.serviceAccountKubeconfig({ namespace, name });
    this.#starts += 1;
    const child = await spawnTethered({
      ...{ name, command: process.execPath, cwd: process.cwd(), lingerSeconds: 0 },
      args: [
        ...['--disable-warning=ExperimentalWarning', mainOf(folder), `--kubeconfig=${kubeconfig}`, '--leader-elect'],
        ...['--metrics-bind-address=0', '--health-probe-bind-address=0', ...flags],
      ],
      env: { ...process.env, POD_NAMESPACE: namespace },
      logFile: join(this.#plane.dir, `${name}-${this.#starts}.log`),
    });
    this.#process = child;
    await eventually(() => {
      const log = readFileSync(child.logFile, 'utf8');
      if (!log.includes('"msg":"leading"')) throw new Error(`${name} does not lead: ${log.slice(-2_000)}`);
    }, patiently);
    void this.#endWithDeployment(child).catch(() => {}); // The watch ends with the test.
  }

  /** Ends it as a node that is lost does: it gets to do nothing more. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Resolves when its process has ended by itself. */
  async ended(): Promise<void> {
    await this.#process?.ended();
  }

  /** Runs its program with `uninstall`, by an account that may do what `uninstallRules` says and nothing else. */
  async uninstall(...flags: readonly string[]): Promise<CommandOutcome> {
    const { namespace, name, folder } = this.#shipped;
    await this.#admin.apply(Namespace, namespaceOf(namespace), { fieldManager: 'test' });
    const { work, cluster, own } = uninstallRules(this.#shipped);
    const rules = [...work, ...cluster, ...own];
    await createIdentity(this.#admin, { namespace, name: uninstaller, rules, clusterWide: true });
    const kubeconfig = await this.#plane.serviceAccountKubeconfig({ namespace, name: uninstaller });
    return runNode([mainOf(folder), 'uninstall', `--kubeconfig=${kubeconfig}`, `--deployment=${name}`, ...flags]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#following.abort();
    await this.#process?.kill();
  }

  /** As a kubelet does. */
  async #endWithDeployment(child: TetheredProcess): Promise<void> {
    const { namespace, name } = this.#shipped;
    const { signal } = this.#following;
    const options = { namespace, fieldSelector: `metadata.name=${name}`, signal };
    for await (const event of this.#admin.watch(Deployment, options)) {
      const isOver = event.type === 'DELETED' || (event.type !== 'BOOKMARK' && event.object.spec?.replicas === 0);
      if (isOver) return void (await child.stop(10_000));
    }
  }
}

function mainOf(folder: string): string {
  return fileURLToPath(new URL(`../../../operators/${folder}/src/main.ts`, import.meta.url));
}

function namespaceOf(name: string): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
