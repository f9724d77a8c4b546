import { ApiError, type KubeObject, type ReflectorProblem, type ResourceType } from '@capstan/kube';
import type { CrdWatch } from './crd-watch.ts';
import type { ChangeHandler, Informer } from './informer.ts';

export interface KindInformersOptions {
  readonly type: ResourceType;
  readonly mode: 'metadata' | 'full';
  /** `[undefined]`: every namespace. Cluster-scoped kinds are watched whole, whatever it says. */
  readonly namespaces: readonly (string | undefined)[];
  readonly make: (
    namespace: string | undefined,
    onProblem: (problem: ReflectorProblem) => void,
  ) => Informer<KubeObject>;
  readonly onProblem: (problem: ReflectorProblem) => void;
  /** For a kind that may be absent. */
  readonly crd?: CrdWatch | undefined;
  /** Told when an optional kind became available, or ceased to be. Called before its informers are dropped. */
  readonly onServed?: (kind: KindInformers, isServed: boolean) => void;
}

/** One life of the informers of a kind. */
interface Generation {
  readonly byNamespace: ReadonlyMap<string | undefined, Informer<KubeObject>>;
  readonly end: AbortController;
  /** Resolves when all have a snapshot, or when it is known that there will be none. */
  readonly settled: Promise<unknown>;
  isSynced: boolean;
}

/**
 * The informers of one whole kind, one per namespace watched. Those of an optional kind live while its
 * CustomResourceDefinition is installed, and are made anew each time it is.
 */
export class KindInformers {
  readonly type: ResourceType;
  /** How much of each object they hold. */
  readonly mode: 'metadata' | 'full';
  readonly #options: KindInformersOptions;
  readonly #handlers: ChangeHandler<KubeObject>[] = [];
  readonly #running = new Set<Promise<void>>();
  #current: Generation | undefined;
  #stop: AbortSignal | undefined;

  constructor(options: KindInformersOptions) {
    this.type = options.type;
    this.mode = options.mode;
    this.#options = options;
    if (options.crd === undefined) this.#current = this.#begin();
    else options.crd.onChange((isInstalled) => this.#installed(isInstalled));
  }

  /** False while an optional kind is not installed, or its objects are not known yet. */
  get isServed(): boolean {
    return this.#options.crd === undefined || this.#current?.isSynced === true;
  }

  /** Of an optional kind: none while it is not served. */
  get informers(): readonly Informer<KubeObject>[] {
    return this.isServed ? [...(this.#current?.byNamespace.values() ?? [])] : [];
  }

  informerFor(namespace: string | undefined): Informer<KubeObject> | undefined {
    if (!this.isServed) return undefined;
    return this.#current?.byNamespace.get(undefined) ?? this.#current?.byNamespace.get(namespace);
  }

  /** Resolves when every object of the kind is known, or the kind is known to be absent. */
  get synced(): Promise<unknown> {
    const { crd } = this.#options;
    return crd === undefined ? settled(this.#current) : crd.informer.synced.then(() => settled(this.#current));
  }

  onChange(handler: ChangeHandler<KubeObject>): void {
    this.#handlers.push(handler);
  }

  /** Watches until the signal; never fails before. */
  async run(stop: AbortSignal): Promise<void> {
    this.#stop = stop;
    if (this.#current !== undefined) this.#watch(this.#current, stop);
    await aborted(stop);
    await Promise.all(this.#running);
  }

  #installed(isInstalled: boolean): void {
    const former = this.#current;
    if (former?.isSynced) this.#options.onServed?.(this, false);
    former?.end.abort();
    this.#current = isInstalled ? this.#begin() : undefined;
    if (this.#current !== undefined && this.#stop !== undefined) this.#watch(this.#current, this.#stop);
  }

  #begin(): Generation {
    const { type, namespaces, make, crd } = this.#options;
    const absent = Promise.withResolvers<void>();
    const onProblem = (problem: ReflectorProblem) => {
      // A definition is there a moment before its objects are served, and for ever if this version of it never is.
      if (crd !== undefined && isNotServed(problem)) absent.resolve();
      this.#options.onProblem(problem);
    };
    const where = type.namespaced ? namespaces : [undefined];
    const byNamespace = new Map(where.map((namespace) => [namespace, make(namespace, onProblem)]));
    const informers = [...byNamespace.values()];
    for (const informer of informers) informer.onChange((...change) => this.#announce(...change));
    const synced = Promise.all(informers.map((informer) => informer.synced));
    const generation: Generation = {
      byNamespace,
      end: new AbortController(),
      settled: Promise.race([synced, absent.promise]),
      isSynced: false,
    };
    void synced.then(() => this.#becameKnown(generation));
    return generation;
  }

  #becameKnown(generation: Generation): void {
    generation.isSynced = true;
    if (this.#current === generation && this.#options.crd !== undefined) this.#options.onServed?.(this, true);
  }

  #announce(...[change, initial]: Parameters<ChangeHandler<KubeObject>>): void {
    for (const handler of this.#handlers) handler(change, initial);
  }

  #watch({ byNamespace, end }: Generation, stop: AbortSignal): void {
    const signal = AbortSignal.any([stop, end.signal]);
    for (const informer of byNamespace.values()) {
      const run: Promise<void> = informer.run(signal).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }
}

function settled(generation: Generation | undefined): Promise<unknown> {
  return generation?.settled ?? Promise.resolve();
}

function isNotServed(problem: ReflectorProblem): boolean {
  return problem.kind === 'request' && problem.error instanceof ApiError && problem.error.isNotFound;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
