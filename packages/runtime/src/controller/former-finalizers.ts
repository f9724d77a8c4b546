import type { KubeClient, ObjectMeta } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { finalizersWithout, removeFinalizers } from '../finalizer.ts';
import type { ControllerOptions, PrimaryKind, Resource } from './reconciler.ts';

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
   *
   * @param kept those that stay for now
   * @returns the resource without them, or `undefined` when it is gone
   * @throws {ApiError} `Conflict` when it has changed since it was read
   */
  async takeOff(
    { key, resource, informer, log }: Held<T>,
    signal: AbortSignal,
    kept: readonly string[] = [],
  ): Promise<T | undefined> {
    const unwanted = this.#finalizers.filter((finalizer) => !kept.includes(finalizer));
    if (finalizersWithout(resource.metadata.finalizers, ...unwanted) === undefined) return resource;
    const { client, fieldManager } = this.#options;
    const send = () => removeFinalizers<T>(client, this.#kind, resource, unwanted, { fieldManager, signal });
    const answer = await informer.write(key, send, (object) => object);
    log.info({ finalizers: formerIn(resource.metadata, unwanted) }, 'finalizers of an earlier operator taken off');
    return answer && (informer.store.get(key) ?? answer);
  }
}

/** Those that only hold a resource, and those that stood for what its finalizer stands for. */
export function formerFinalizersOf<T extends Resource>({
  formerFinalizers = [],
  finalize,
}: Pick<ControllerOptions<T>, 'formerFinalizers' | 'finalize'>): readonly string[] {
  return [...new Set([...formerFinalizers, ...(finalize?.formerNames ?? [])])];
}

function formerIn({ finalizers = [] }: ObjectMeta, former: readonly string[]): readonly string[] {
  return finalizers.filter((finalizer) => former.includes(finalizer));
}
