import {
  type Clock,
  type KubeClient,
  type KubeObject,
  Reflector,
  type ReflectorHealth,
  type ReflectorProblem,
  type ReflectorSink,
  type ResourceType,
} from '@capstan/kube';
import { approximateBytes } from './approximate-bytes.ts';
import { keyOf, type ObjectKey } from './object-key.ts';
import { type Change, type Indexers, ObjectStore } from './object-store.ts';
import { compareResourceVersions } from './resource-version.ts';
import { WriteWindows } from './write-windows.ts';

/** What arrives is stored in the form `keep` gives it; `quiet` changes are stored and not announced. */
export interface Admission<T extends KubeObject> {
  readonly keep: T;
  readonly quiet: boolean;
}

export interface InformerOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly type: ResourceType<T>;
  readonly mode: 'metadata' | 'full';
  /** `undefined`: every namespace. */
  readonly namespace: string | undefined;
  /** Such as `metadata.name=orders`; every object unless told. */
  readonly fieldSelector?: string;
  /** Such as `app=web`; every object unless told. */
  readonly labelSelector?: string | undefined;
  readonly indexers?: Indexers<T>;
  readonly clock: Clock;
  /** Decides what is kept of an arriving object and whether anybody must hear of it. */
  readonly admit: (object: T, before: T | undefined) => Admission<T>;
  readonly onProblem: (problem: ReflectorProblem) => void;
}

/** Told of every change that is not quiet; `initial` while the first snapshot arrives. */
export type ChangeHandler<T extends KubeObject> = (change: Change<T>, initial: boolean) => void;

/** Keeps the objects of one kind (in one namespace or all) in memory, as the API server has them. */
export class Informer<T extends KubeObject> {
  readonly store: ObjectStore<T>;
  readonly #options: InformerOptions<T>;
  readonly #windows = new WriteWindows();
  readonly #handlers: ChangeHandler<T>[] = [];
  readonly #reflector: Reflector<T>;
  readonly #firstSync = Promise.withResolvers<void>();
  #unseen: Set<ObjectKey> | undefined;
  #synced = false;
  /** The server's data went back in time (a restored backup): older versions are the true ones until the next snapshot ends. */
  #rewound = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    const { client, type, mode, namespace, fieldSelector, labelSelector, indexers, clock, onProblem } = options;
    this.store = new ObjectStore(indexers);
    const sink = this.#sink();
    this.#reflector = new Reflector(client, type, {
      namespace,
      fieldSelector,
      labelSelector,
      metadataOnly: mode === 'metadata',
      sink,
      clock,
      onProblem,
    });
  }

  /** Resolves when the first snapshot is complete. */
  get synced(): Promise<void> {
    return this.#firstSync.promise;
  }

  get isSynced(): boolean {
    return this.#synced;
  }

  get type(): ResourceType<T> {
    return this.#options.type;
  }

  get mode(): 'metadata' | 'full' {
    return this.#options.mode;
  }

  /** `undefined`: every namespace. */
  get namespace(): string | undefined {
    return this.#options.namespace;
  }

  /** Objects held. */
  get size(): number {
    return this.store.size;
  }

  /** About how much memory the objects take, judged by a few of them: for warnings, not for accounts. */
  approximateBytes(): number {
    return approximateBytes(this.store);
  }

  health(): ReflectorHealth {
    return this.#reflector.health();
  }

  onChange(handler: ChangeHandler<T>): void {
    this.#handlers.push(handler);
  }

  /** Watches until the signal; never fails before. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  /**
   * Runs one write of an object so that its own echo is not mistaken for somebody else's change.
   * The answer is stored unless the watch already brought something newer, and what arrived meanwhile is judged after it.
   */
  async write<R>(key: ObjectKey, send: () => Promise<R>, answerOf: (result: R) => T | undefined): Promise<R> {
    const known = this.store.get(key);
    this.#windows.open(key);
    let answer: T | undefined;
    try {
      const result = await send();
      answer = answerOf(result);
      return result;
    } finally {
      this.#settle(key, answer, known);
    }
  }

  /** `known` is what was there before the write: the baseline where the write brought no answer. */
  #settle(key: ObjectKey, answer: T | undefined, known: T | undefined): void {
    const { touched, deletedAt } = this.#windows.close(key);
    const gone = deletedAt !== undefined && answer !== undefined && !isAfter(answer, deletedAt);
    if (answer !== undefined && !gone) this.#keep(answer);
    if (!touched) return;
    const before = answer ?? known;
    const stored = this.store.get(key);
    if (stored === undefined) this.#announce({ key, before, after: undefined });
    else if (stored.metadata.resourceVersion !== before?.metadata.resourceVersion)
      this.#reconsider(key, stored, before);
  }

  /** Judges what the watch brought while the write was under way, now that its answer is known. */
  #reconsider(key: ObjectKey, stored: T, before: T | undefined): void {
    const { keep, quiet } = this.#options.admit(stored, before);
    this.store.slim(keep);
    if (!quiet) this.#announce({ key, before, after: keep });
  }

  /** Stores an answer; where the watch brought the same version before it was known to be ours, the leaner form wins. */
  #keep(answer: T): void {
    const { keep } = this.#admit(answer);
    if (this.store.put(keep) === undefined) this.store.slim(keep);
  }

  #admit(object: T): Admission<T> {
    return this.#options.admit(object, this.store.get(keyOf(object.metadata)));
  }

  #sink(): ReflectorSink<T> {
    return {
      restarted: (reason) => {
        this.#unseen = new Set(this.store.keys());
        this.#rewound ||= reason === 'AheadOfServer';
      },
      applied: (object) => this.#applied(object),
      deleted: (object) => this.#deleted(keyOf(object.metadata), object),
      synced: () => this.#snapshotComplete(),
      held: (ref) => this.store.get(keyOf(ref)),
    };
  }

  #applied(object: T): void {
    const key = keyOf(object.metadata);
    this.#unseen?.delete(key);
    const { keep, quiet } = this.#admit(object);
    const change = this.#rewound ? this.store.replace(keep) : this.store.put(keep);
    if (change === undefined || this.#windows.note(key) || quiet) return;
    this.#announce(change);
  }

  #deleted(key: ObjectKey, object?: T): void {
    const change = this.store.remove(key, object);
    const inWindow = this.#windows.note(
      key,
      object?.metadata.resourceVersion ?? change?.before?.metadata.resourceVersion,
    );
    if (change === undefined || inWindow) return;
    this.#announce(change);
  }

  #snapshotComplete(): void {
    for (const key of this.#unseen ?? []) this.#deleted(key);
    this.#unseen = undefined;
    this.#rewound = false;
    this.#synced = true;
    this.#firstSync.resolve();
  }

  #announce(change: Change<T>): void {
    for (const handler of this.#handlers) handler(change, !this.#synced);
  }
}

function isAfter(object: KubeObject, resourceVersion: string): boolean {
  return compareResourceVersions(object.metadata.resourceVersion ?? '', resourceVersion) > 0;
}
