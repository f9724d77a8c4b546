import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pickPort, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { ApiError, type Container, type KubeClient, Pod, systemClock } from '@capstan/kube';
import { type PodCommand, type ProcessImage, podCommand } from './pod-command.ts';
import { podFiles } from './pod-files.ts';
import { type ProcessState, podStatus } from './pod-status.ts';

/** What a process of a pod is given beside what its spec says. */
export interface PodSetting {
  readonly client: KubeClient;
  /** Of this machine, for the files and the log of this pod. */
  readonly dir: string;
  readonly image: ProcessImage;
  /** A kubeconfig with a token of the pod's service account: what is mounted into a container, for a process. */
  readonly kubeconfig: () => Promise<string>;
  /** Variables beside those of the pod. */
  readonly env: Readonly<Record<string, string>>;
  /** Further arguments, which may name the ports on loopback that stand in for those of the container. */
  readonly argumentsFor: (ports: ReadonlyMap<number, number>) => readonly string[];
  /** Told whenever the process becomes ready, or stops being so. */
  readonly onReadiness: () => void;
}

const fieldManager = 'capstan-process-node';
const probeEveryMs = 100;

/**
 * The one container of a pod as a process of this machine, and the pod's status as its kubelet would write it: ready when
 * its readiness probe says so, started again when it ends and its restart policy asks for that.
 */
export class PodProcess {
  readonly #pod: Pod;
  readonly #container: Container;
  readonly #setting: PodSetting;
  readonly #ports = new Map<number, number>();
  readonly #stopped = new AbortController();
  #process: TetheredProcess | undefined;
  #restarts = 0;
  #isReady = false;

  constructor(pod: Pod, setting: PodSetting) {
    const [container] = pod.spec?.containers ?? [];
    if (container === undefined) throw new Error(`pod ${pod.metadata.name} has no container`);
    this.#pod = pod;
    this.#container = container;
    this.#setting = setting;
  }

  /** Of the pod. */
  get name(): string {
    return this.#pod.metadata.name;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Where the process writes what it has to say. */
  get logFile(): string {
    return join(this.#setting.dir, 'log');
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The ports on loopback that stand in for those of the container. */
  get ports(): ReadonlyMap<number, number> {
    return this.#ports;
  }

  /** Runs the pod until it has ended by its restart policy, or is stopped. What it names and is not there yet is waited for. */
  async run(): Promise<void> {
    await mkdir(this.#setting.dir, { recursive: true, mode: 0o700 });
    for (const { containerPort } of this.#container.ports ?? []) this.#ports.set(containerPort, await pickPort());
    while (!(await this.#attempt())) await systemClock.sleep(1_000, this.#stopped.signal).catch(() => undefined);
  }

  /** Runs the process once; whether the pod is over. */
  async #attempt(): Promise<boolean> {
    try {
      return this.#stopped.signal.aborted || (await this.#isOver(await this.#runOnce(await this.#command())));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.#tell({ is: 'waiting', why, at: new Date(), restarts: this.#restarts });
      return this.#stopped.signal.aborted;
    }
  }

  /** SIGTERM, and SIGKILL after the grace period of the pod; then the pod is gone. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#become(false);
    const { metadata, spec } = this.#pod;
    await this.#process?.stop((spec?.terminationGracePeriodSeconds ?? 30) * 1_000);
    await this.#setting.client.delete(Pod, metadata, {
      gracePeriodSeconds: 0,
      ...(metadata.uid !== undefined && { preconditions: { uid: metadata.uid } }),
    });
  }

  /** SIGKILL, as a crash: the process is started again as its restart policy asks. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async #command(): Promise<PodCommand> {
    const { client, dir, image } = this.#setting;
    const elsewhere = await podFiles(client, this.#pod, this.#container, dir);
    return podCommand(this.#pod, this.#container, image, elsewhere);
  }

  async #runOnce({ command, args, env }: PodCommand): Promise<number> {
    const { dir, kubeconfig, argumentsFor, env: further } = this.#setting;
    this.#process = await spawnTethered({
      name: this.#pod.metadata.name,
      command,
      args: [...args, ...argumentsFor(this.#ports)],
      cwd: dir,
      // Nothing of this machine's environment but where programs are: a container has nothing of it either.
      env: { PATH: process.env['PATH'] ?? '', HOME: dir, KUBECONFIG: await kubeconfig(), ...further, ...env },
      logFile: this.logFile,
      lingerSeconds: 0,
    });
    const since = new Date();
    await this.#tell({ is: 'running', ready: false, since, restarts: this.#restarts });
    const probing = new AbortController();
    const probes = this.#probe(since, probing.signal);
    const { code } = await this.#process.exited;
    probing.abort();
    await probes;
    this.#become(false);
    return code ?? 137;
  }

  /** Whether the pod has ended with its process. */
  async #isOver(code: number): Promise<boolean> {
    if (this.#stopped.signal.aborted) return true;
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    const isLast = policy === 'Never' || (policy === 'OnFailure' && code === 0);
    if (isLast) await this.#tell({ is: 'ended', code, at: new Date(), restarts: this.#restarts });
    else this.#restarts += 1;
    return isLast;
  }

  async #probe(since: Date, signal: AbortSignal): Promise<void> {
    const url = this.#probeUrl();
    while (!signal.aborted) {
      const isReady = url === undefined || (await answers(url));
      if (isReady !== this.#isReady && !signal.aborted) {
        this.#become(isReady);
        await this.#tell({ is: 'running', ready: isReady, since, restarts: this.#restarts });
      }
      await systemClock.sleep(probeEveryMs, signal).catch(() => undefined);
    }
  }

  #probeUrl(): string | undefined {
    const get = this.#container.readinessProbe?.httpGet;
    if (get === undefined) return undefined;
    const port =
      typeof get.port === 'number'
        ? get.port
        : this.#container.ports?.find(({ name }) => name === get.port)?.containerPort;
    return port === undefined ? undefined : `http://127.0.0.1:${this.#ports.get(port)}${get.path ?? '/'}`;
  }

  #become(isReady: boolean): void {
    const changed = this.#isReady !== isReady;
    this.#isReady = isReady;
    if (changed) this.#setting.onReadiness();
  }

  /** Writes the pod's status; a pod that is gone needs none. */
  async #tell(state: ProcessState): Promise<void> {
    const { client } = this.#setting;
    try {
      const pod = await client.get(Pod, this.#pod.metadata);
      if (pod === undefined || pod.metadata.uid !== this.#pod.metadata.uid) return;
      const body = { status: podStatus(pod, state) };
      await client.patch(Pod, this.#pod.metadata, { kind: 'merge', body }, { fieldManager, subresource: 'status' });
    } catch (error) {
      if (!(error instanceof ApiError && error.isNotFound)) throw error;
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    // Nobody listens there yet, or no more.
    return false;
  }
}
