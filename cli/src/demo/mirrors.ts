import type { KubeClient, KubeObject, ResourceType } from '@capstan/kube';
import { Mirror, type MirrorOptions } from '@capstan/testkit';

/** Copies of kinds that follow the server, each kind once, however many look at it. */
export class Mirrors {
  readonly #client: KubeClient;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  readonly #mirrors = new Map<string, Mirror<KubeObject>>();
  readonly #running: Promise<void>[] = [];

  /**
   * @param signal ends following
   * @param onChange called after every change of any of them
   */
  constructor(client: KubeClient, signal: AbortSignal, onChange: () => void) {
    this.#client = client;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** The metadata of a kind. */
  metadataOf(type: ResourceType): Mirror<KubeObject> {
    const key = `${type.group}/${type.plural}`;
    const known = this.#mirrors.get(key);
    if (known !== undefined) return known;
    const made = this.of(type, { metadataOnly: true });
    this.#mirrors.set(key, made);
    return made;
  }

  /** Whole objects of a kind, for one who looks at it alone. */
  of<T extends KubeObject>(type: ResourceType<T>, options: MirrorOptions = {}): Mirror<T> {
    const mirror = new Mirror(this.#client, type, { ...options, onChange: this.#onChange });
    this.#running.push(mirror.run(this.#signal));
    return mirror;
  }

  /** Resolves when all have ended, after the signal. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }
}
