import type { Clock, KubeClient, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import { Informer } from '../cache/informer.ts';

export interface WatchedObjectOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly type: ResourceType<T>;
  readonly ref: ObjectRef;
  /** What is kept in memory of it. */
  readonly keep: (object: T) => T;
  readonly onChange: () => void;
}

/** One object, kept up to date by a watch for its name alone: permission for that name is enough. */
export class WatchedObject<T extends KubeObject> {
  readonly #informer: Informer<T>;

  constructor({ client, clock, log, type, ref, keep, onChange }: WatchedObjectOptions<T>) {
    this.#informer = new Informer<T>({
      ...{ client, clock, type, mode: 'full', namespace: ref.namespace },
      fieldSelector: `metadata.name=${ref.name}`,
      admit: (object) => ({ keep: keep(object), quiet: false }),
      onProblem: (problem) => log.warn({ resource: problem.resource, err: problem.error }, 'a watch is in trouble'),
    });
    this.#informer.onChange(onChange);
  }

  /** Undefined where there is none, and before the first answer. */
  get object(): T | undefined {
    for (const object of this.#informer.store.values()) return object;
    return undefined;
  }

  /** Watches until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#informer.run(signal);
  }

  /** Resolves when it is known whether the object exists, or when the signal aborts. */
  async known(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const end = () => aborted.resolve();
    signal.addEventListener('abort', end, { once: true });
    if (!signal.aborted) await Promise.race([this.#informer.synced, aborted.promise]);
    signal.removeEventListener('abort', end);
  }
}
