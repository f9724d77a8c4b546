import type { ExitStatus, TetheredProcess } from './tethered-process.ts';

/** The programs of a control plane, in the order in which they start. They stop in the reverse order. */
export const COMPONENT_NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/*
 * How long each may take to end when asked. The API server is given least: it would wait for watches that never end,
 * and everything it was told is in etcd already.
 */
const GRACE_MS: Readonly<Record<ComponentName, number>> = {
  etcd: 5_000,
  'kube-apiserver': 2_000,
  'kube-controller-manager': 3_000,
  'kube-scheduler': 3_000,
  kwok: 3_000,
};

/** Starts one component; called again when it is restarted. */
export type ComponentLauncher = () => Promise<TetheredProcess>;

/** The running components, and which of them are meant to end. */
export class Components {
  readonly #running = new Map<ComponentName, TetheredProcess>();
  readonly #started = new Set<ComponentName>();
  readonly #expectedToEnd = new Set<TetheredProcess>();
  readonly #onUnexpectedExit: (name: ComponentName, process: TetheredProcess, status: ExitStatus) => void;

  constructor(onUnexpectedExit: (name: ComponentName, process: TetheredProcess, status: ExitStatus) => void) {
    this.#onUnexpectedExit = onUnexpectedExit;
  }

  /** The process of a component, or undefined when it does not run. */
  get(name: ComponentName): TetheredProcess | undefined {
    return this.#running.get(name);
  }

  /** Whether this control plane has such a component, running or not. */
  has(name: ComponentName): boolean {
    return this.#started.has(name);
  }

  get pids(): Partial<Record<ComponentName, number>> {
    return Object.fromEntries([...this.#running].map(([name, process]) => [name, process.pid]));
  }

  async start(name: ComponentName, launch: ComponentLauncher): Promise<TetheredProcess> {
    const process = await launch();
    this.#started.add(name);
    this.#running.set(name, process);
    void process.exited.then((status) => {
      if (this.#running.get(name) === process) this.#running.delete(name);
      if (!this.#expectedToEnd.delete(process)) this.#onUnexpectedExit(name, process, status);
    });
    return process;
  }

  /** Asks a component to end (SIGTERM, SIGKILL after its grace); resolves when it is gone. */
  async stop(name: ComponentName): Promise<void> {
    const process = this.#running.get(name);
    if (process === undefined) return;
    this.#expectedToEnd.add(process);
    await process.stop(GRACE_MS[name]);
  }

  /** Kills a component; resolves when it is gone. */
  async kill(name: ComponentName): Promise<void> {
    const process = this.#running.get(name);
    if (process === undefined) return;
    this.#expectedToEnd.add(process);
    await process.kill();
  }

  /** Stops the clients of the API server together, then the API server, then etcd. */
  async stopAll(): Promise<void> {
    await Promise.all([this.stop('kwok'), this.stop('kube-scheduler'), this.stop('kube-controller-manager')]);
    await this.stop('kube-apiserver');
    await this.stop('etcd');
  }
}
