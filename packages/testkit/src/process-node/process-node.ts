import { join } from 'node:path';
import { type KubeClient, Pod } from '@capstan/kube';
import { Mirror } from '../mirror.ts';
import { PodDirector } from '../world/pod-behaviour.ts';
import type { ProcessImage } from './pod-command.ts';
import { PodProcess } from './pod-process.ts';

export interface ProcessNodeOptions {
  /** A client that may do everything in the namespace. */
  readonly client: KubeClient;
  /** Whose pods become processes. */
  readonly namespace: string;
  /** A directory for files and logs. */
  readonly dir: string;
  /** What stands in for an image; undefined for one that is not known: its pod then stays Pending. */
  readonly imageOf: (name: string) => ProcessImage | undefined;
  /** A kubeconfig with a token of this service account of the namespace. */
  readonly kubeconfigOf: (serviceAccount: string) => Promise<string>;
  /** Further arguments of a pod's process, such as where to listen: pods of one machine cannot share ports. */
  readonly argumentsFor?: (pod: Pod, ports: ReadonlyMap<number, number>) => readonly string[];
  /** Variables of every process beside those of its pod; none unless told. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told when the set of ready processes changes. */
  readonly onReadiness?: (ready: readonly PodProcess[]) => void;
}

/**
 * Runs the pods of one namespace as processes of this machine, where kwok only pretends that they run: with the arguments,
 * environment, token and mounted files of their spec. They become ready, end and are started again as on a node.
 *
 * For programs without containers, such as an operator as its chart deploys it. One container each; no init containers,
 * probes by HTTP for readiness only, no network of their own.
 */
export class ProcessNode implements AsyncDisposable {
  readonly #options: ProcessNodeOptions;
  readonly #director: PodDirector;
  readonly #ending = new AbortController();
  readonly #processes = new Map<string, PodProcess>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #following: Promise<void>;

  readonly #pods: Mirror<Pod>;

  private constructor(options: ProcessNodeOptions, director: PodDirector) {
    const { client, namespace } = options;
    this.#options = options;
    this.#director = director;
    this.#pods = new Mirror(client, Pod, { namespace, onChange: () => this.#follow() });
    this.#following = this.#pods.run(this.#ending.signal);
  }

  /** Resolves when pods that are made from now on in the namespace become processes; those before are left to kwok. */
  static async start(options: ProcessNodeOptions): Promise<ProcessNode> {
    const director = new PodDirector(options.client, options.namespace);
    await director.directNew('process');
    const node = new ProcessNode(options, director);
    await node.#pods.synced;
    return node;
  }

  /** The processes of pods that are not being deleted, by the names of the pods. */
  get processes(): ReadonlyMap<string, PodProcess> {
    return new Map([...this.#processes.values()].map((process) => [process.name, process]));
  }

  #follow(): void {
    const pods = this.#pods.all();
    for (const pod of pods) {
      const { uid = '', deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined) this.#stop(uid);
      else if (isForProcess(pod) && !this.#processes.has(uid)) this.#start(uid, pod);
    }
    const live = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const uid of this.#processes.keys()) if (!live.has(uid)) this.#stop(uid);
  }

  #start(uid: string, pod: Pod): void {
    const { client, dir, imageOf, kubeconfigOf, env = {}, argumentsFor = () => [] } = this.#options;
    const image = imageOf(pod.spec?.containers[0]?.image ?? '');
    if (image === undefined) return;
    const process = new PodProcess(pod, {
      ...{ client, image, env, dir: join(dir, pod.metadata.name) },
      kubeconfig: () => kubeconfigOf(pod.spec?.serviceAccountName ?? 'default'),
      argumentsFor: (ports) => argumentsFor(pod, ports),
      onReadiness: () => this.#options.onReadiness?.([...this.#processes.values()].filter(({ isReady }) => isReady)),
    });
    this.#processes.set(uid, process);
    void process.run();
  }

  #stop(uid: string): void {
    const process = this.#processes.get(uid);
    if (process === undefined) return;
    this.#processes.delete(uid);
    const stopping = process.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }

  /** Stops every process as the deletion of its pod would. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#following;
    for (const uid of this.#processes.keys()) this.#stop(uid);
    await Promise.allSettled(this.#stopping);
    await this.#director[Symbol.asyncDispose]();
  }
}

function isForProcess({ spec, metadata, status }: Pod): boolean {
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return spec?.nodeName !== undefined && !isOver && metadata.annotations?.['capstan.dev/pod'] === 'process';
}
