import {
  ApiError,
  type KubeClient,
  type KubeObject,
  type ObjectRef,
  Reflector,
  type ResourceType,
} from '@capstan/kube';

/** Which objects of a kind are looked at. */
export interface Selection {
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Names, labels and the like only. */
  readonly metadataOnly?: boolean;
}

/** What is told of changes, and of what keeps them from coming. */
export interface Followers {
  readonly onChange: () => void;
  /** Called with each failed request; it is tried again, after that many milliseconds. */
  readonly onProblem: (error: unknown, retryInMs: number) => void;
  /** Called whenever all objects that there are have been seen. */
  readonly onSynced?: () => void;
}

/** Objects of one kind as they were last seen: read once, or followed by a watch. */
export class KindView<T extends KubeObject> {
  readonly #client: KubeClient;
  readonly #type: ResourceType<T> | undefined;
  readonly #selection: Selection;
  readonly #keep: (object: T) => T;
  #objects: Map<string, T> = new Map();
  #isForbidden = false;

  /**
   * @param type absent where the API server does not serve the kind: there are no objects then
   * @param keep what is held of an object while it is followed; all of it unless told
   */
  constructor(
    client: KubeClient,
    type: ResourceType<T> | undefined,
    selection: Selection,
    keep: (object: T) => T = (object) => object,
  ) {
    this.#client = client;
    this.#type = type;
    this.#selection = selection;
    this.#keep = keep;
  }

  get objects(): readonly T[] {
    return [...this.#objects.values()];
  }

  /** The plural of the kind when it may not be listed. */
  get forbidden(): string | undefined {
    return this.#isForbidden ? this.#type?.plural : undefined;
  }

  /**
   * Reads the objects once. A kind that is not served, or may not be listed, has none.
   * @throws {ApiError} for any other refusal
   * @throws {TransportError} when no answer came
   */
  async read(): Promise<void> {
    try {
      await this.readOrRefuse();
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 403 || error.isNotFound))) throw error;
      this.#isForbidden = error.status === 403;
    }
  }

  /** Reads the objects once, where nothing makes sense without them. Throws whatever keeps it from that. */
  async readOrRefuse(): Promise<void> {
    if (this.#type === undefined) return;
    const { items } = await this.#client.list(this.#type, this.#selection);
    this.#objects = new Map(items.map((item) => [keyOf(item.metadata), item]));
  }

  /** Follows the objects until the signal aborts; never rejects. What could not be read before is not asked for again. */
  async follow(signal: AbortSignal, { onChange, onProblem, onSynced }: Followers): Promise<void> {
    if (this.#type === undefined || this.#isForbidden) return;
    let unseen = new Set<string>();
    const remove = (key: string) => {
      if (this.#objects.delete(key)) onChange();
    };
    const reflector = new Reflector(this.#client, this.#type, {
      ...this.#selection,
      onProblem: (problem) => onProblem(problem.error, problem.kind === 'request' ? problem.retryInMs : 0),
      sink: {
        restarted: () => {
          unseen = new Set(this.#objects.keys());
        },
        applied: (object) => {
          const key = keyOf(object.metadata);
          unseen.delete(key);
          const before = this.#objects.get(key);
          this.#objects.set(key, this.#keep(object));
          if (before?.metadata.resourceVersion !== object.metadata.resourceVersion) onChange();
        },
        deleted: ({ metadata }) => remove(keyOf(metadata)),
        synced: () => {
          for (const key of unseen) remove(key);
          onSynced?.();
        },
        held: (ref) => this.#objects.get(keyOf(ref)),
      },
    });
    await reflector.run(signal);
  }
}

function keyOf({ namespace = '', name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
