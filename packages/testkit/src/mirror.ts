import {
  type KubeClient,
  type KubeObject,
  type ObjectRef,
  Reflector,
  type ReflectorSink,
  type ResourceType,
} from '@capstan/kube';

export interface MirrorOptions {
  /** `undefined`: every namespace. */
  readonly namespace?: string;
  readonly metadataOnly?: boolean;
  /** Called after every change, with the object as it is now, or as it last was when it is gone. */
  readonly onChange?: (change: MirrorChange) => void;
}

export interface MirrorChange {
  readonly kind: 'applied' | 'deleted';
  readonly object: KubeObject;
}

/**
 * A copy of all objects of one kind that follows the server: for looking on from outside, without a request per look.
 *
 * @example
 * ```ts
 * const pods = new Mirror(client, Pod, { namespace: 'default' });
 * void pods.run(signal);
 * await pods.synced;
 * await eventually(() => expect(pods.all()).toHaveLength(3));
 * ```
 */
export class Mirror<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #reflector: Reflector<T>;
  readonly #onChange: (change: MirrorChange) => void;
  readonly #synced = Promise.withResolvers<void>();
  /** Names of the last snapshot that the one under way has not shown yet. */
  #unseen: Set<string> | undefined;

  constructor(client: KubeClient, type: ResourceType<T>, options: MirrorOptions = {}) {
    const { namespace, metadataOnly = false, onChange = () => {} } = options;
    this.#onChange = onChange;
    this.#reflector = new Reflector(client, type, { sink: this.#sink(), namespace, metadataOnly });
  }

  /** Resolves when the first snapshot is complete. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Follows the server until the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  all(): readonly T[] {
    return [...this.#objects.values()];
  }

  get(ref: ObjectRef): T | undefined {
    return this.#objects.get(nameOf(ref));
  }

  get size(): number {
    return this.#objects.size;
  }

  #sink(): ReflectorSink<T> {
    return {
      restarted: () => {
        this.#unseen = new Set(this.#objects.keys());
      },
      applied: (object) => {
        this.#unseen?.delete(nameOf(object.metadata));
        this.#objects.set(nameOf(object.metadata), object);
        this.#onChange({ kind: 'applied', object });
      },
      deleted: ({ metadata }) => this.#remove(nameOf(metadata)),
      synced: () => {
        for (const name of this.#unseen ?? []) this.#remove(name);
        this.#unseen = undefined;
        this.#synced.resolve();
      },
      held: (ref) => this.get(ref),
    };
  }

  #remove(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) return;
    this.#objects.delete(name);
    this.#onChange({ kind: 'deleted', object });
  }
}

function nameOf({ namespace = '', name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
