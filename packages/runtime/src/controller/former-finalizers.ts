import type { KubeClient, ObjectMeta } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { finalizersWithout, removeFinalizers } from '../finalizer.ts';
import type { PrimaryKind, Resource } from './reconciler.ts';

export interface FormerFinalizersOptions {
  readonly client: KubeClient;
  readonly fieldManager: string;
}

/** One resource in one pass. */
export interface Held<T extends Resource> {
  readonly key: ObjectKey;
  readonly resource: T;
  readonly informer: Informer<T>;
  readonly log: Logger;
}

/** Takes the finalizers of an earlier operator off the resources that it left behind: nobody else would let them go. */
export class FormerFinalizers<T extends Resource> {
  readonly #kind: PrimaryKind<T>;
  readonly #finalizers: readonly string[];
  readonly #options: FormerFinalizersOptions;

  constructor(kind: PrimaryKind<T>, finalizers: readonly string[], options: FormerFinalizersOptions) {
    this.#kind = kind;
    this.#finalizers = finalizers;
    this.#options = options;
  }

  /**
   * Sends nothing for a resource that has none of them.
   * @returns the resource without them, or `undefined` when it is gone
   * @throws {ApiError} `Conflict` when it has changed since it was read
   */
  async takeOff({ key, resource, informer, log }: Held<T>, signal: AbortSignal): Promise<T | undefined> {
    if (finalizersWithout(resource.metadata.finalizers, ...this.#finalizers) === undefined) return resource;
    const { client, fieldManager } = this.#options;
    const send = () => removeFinalizers<T>(client, this.#kind, resource, this.#finalizers, { fieldManager, signal });
    const answer = await informer.write(key, send, (object) => object);
    log.info(
      { finalizers: formerIn(resource.metadata, this.#finalizers) },
      'finalizers of an earlier operator taken off',
    );
    return answer && (informer.store.get(key) ?? answer);
  }
}

function formerIn({ finalizers = [] }: ObjectMeta, former: readonly string[]): readonly string[] {
  return finalizers.filter((finalizer) => former.includes(finalizer));
}
