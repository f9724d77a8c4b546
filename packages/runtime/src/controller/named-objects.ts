import {
  type Clock,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ObjectRef,
  type ReflectorProblem,
  type ResourceType,
} from '@capstan/kube';
import type { CrdWatch } from '../cache/crd-watch.ts';
import { Informer } from '../cache/informer.ts';
import { keyOf, type ObjectKey } from '../cache/object-key.ts';
import { type Millis, seconds } from '../duration.ts';
import { TerminalError } from '../errors.ts';
import { currentPass } from '../observe/pass-trace.ts';
import type { Resource } from './reconciler.ts';
import type { ReferencedKind } from './watched-kind.ts';

/** How long a pass waits for the first answer of a watch that it is the first to need. */
const firstAnswerLimit: Millis = seconds(10);

export interface NamedObjectsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** `[undefined]`: every namespace. */
  readonly namespaces: readonly (string | undefined)[];
  readonly onProblem: (problem: ReflectorProblem) => void;
  /** Told, for each resource that names it, that an object appeared, changed or went. */
  readonly onChange: (
    holder: ObjectKey,
    type: ResourceType,
    name: string,
    verb: 'appeared' | 'changed' | 'deleted',
  ) => void;
  /** Told when an optional kind was installed: resources may name objects of it. */
  readonly onInstalled: (type: ResourceType) => void;
  /** The definition of an optional kind. */
  readonly crdOf: (type: ResourceType) => CrdWatch | undefined;
}

/** One object that somebody names. */
interface Named {
  readonly type: ResourceType;
  readonly mode: 'metadata' | 'full';
  readonly ref: ObjectRef;
}

/** One object that somebody names, watched alone. */
interface NamedObject extends Named {
  readonly informer: Informer<KubeObject>;
  readonly holders: Set<ObjectKey>;
  readonly end: AbortController;
  /** Resolves with the first thing that went wrong: most likely a permission is missing. */
  readonly trouble: Promise<unknown>;
}

/** The objects that resources name in their specs: one watch each, shared by all that name it, ended when nobody does. */
export class NamedObjects<T extends Resource> {
  readonly #kinds: readonly ReferencedKind<T>[];
  readonly #options: NamedObjectsOptions;
  readonly #watched = new Map<string, NamedObject>();
  /** What each resource names, also what cannot be watched because its kind is absent. */
  readonly #namedBy = new Map<ObjectKey, ReadonlyMap<string, Named>>();
  readonly #running = new Set<Promise<void>>();
  #stop: AbortSignal | undefined;

  constructor(kinds: readonly ReferencedKind<T>[], options: NamedObjectsOptions) {
    this.#kinds = kinds;
    this.#options = options;
    for (const { type, optional } of kinds) if (optional) this.#followCrd(type);
  }

  get informers(): readonly Informer<KubeObject>[] {
    return [...this.#watched.values()].map(({ informer }) => informer);
  }

  /** Resolves when the signal has aborted and every watch has ended. */
  async run(stop: AbortSignal): Promise<void> {
    this.#stop = stop;
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.all(this.#running);
  }

  /**
   * Watches what the resource names now and nothing that only it named before. Resolves when all of it is known.
   *
   * @throws {TerminalError} for a name that leads outside the namespaces the resource may look into
   * @throws {Error} when a watch is refused or does not answer in time; the pass is to be tried again
   */
  async hold(holder: ObjectKey, resource: T, signal: AbortSignal): Promise<void> {
    const wanted = new Map(this.#kinds.flatMap((kind) => this.#namesIn(resource, kind)));
    const before = this.#namedBy.get(holder);
    if (wanted.size > 0) this.#namedBy.set(holder, wanted);
    else this.#namedBy.delete(holder);
    for (const id of before?.keys() ?? []) if (!wanted.has(id)) this.#letGo(id, holder);
    const served = [...wanted].filter(([, named]) => this.#isServed(named));
    const objects = served.map(([id, named]) => this.#take(id, named, holder));
    await Promise.all(objects.map((object) => this.#known(object, signal)));
  }

  /** The resource is gone, and with it what it named. */
  release(holder: ObjectKey): void {
    for (const id of this.#namedBy.get(holder)?.keys() ?? []) this.#letGo(id, holder);
    this.#namedBy.delete(holder);
  }

  /** Whether objects of this kind are watched by name. */
  includes(type: ResourceType): boolean {
    return this.#kinds.some((kind) => isSameKind(kind.type, type));
  }

  /** The objects of a kind that a resource names and that exist. */
  of(holder: ObjectKey, type: ResourceType): readonly KubeObject[] {
    return this.#namesOf(holder, type).flatMap(([id]) => [...(this.#watched.get(id)?.informer.store.values() ?? [])]);
  }

  /** Whether a resource names this object; it may not exist. */
  isNamed(holder: ObjectKey, type: ResourceType, ref: ObjectRef): boolean {
    return this.#namesOf(holder, type).some(([, named]) => keyOf(named.ref) === keyOf(ref));
  }

  /**
   * Where a name of this kind in a resource leads to: its own namespace unless the name says another.
   * @throws {TerminalError} when that is a namespace which the resource may not look into
   */
  refOf(resource: T, type: ResourceType, ref: ObjectRef): ObjectRef {
    const mayLeave = this.#kinds.some((kind) => kind.anyNamespace && isSameKind(kind.type, type));
    if (!type.namespaced) return { name: ref.name };
    const own = resource.metadata.namespace;
    const namespace = ref.namespace ?? own;
    const place = `${kindNameOf(type)} ${namespace}/${ref.name}`;
    if (own !== undefined && namespace !== own && !mayLeave)
      throw new TerminalError(
        'CrossNamespaceReference',
        `${place} is in another namespace than ${own}: name one there`,
      );
    const { namespaces } = this.#options;
    if (!namespaces.includes(undefined) && !namespaces.includes(namespace))
      throw new TerminalError('NamespaceNotWatched', `${place} is outside of the namespaces this operator works in`);
    return { namespace, name: ref.name };
  }

  #namesOf(holder: ObjectKey, type: ResourceType): readonly (readonly [string, Named])[] {
    return [...(this.#namedBy.get(holder) ?? [])].filter(([, named]) => isSameKind(named.type, type));
  }

  #namesIn(resource: T, { type, mode, refs }: ReferencedKind<T>): readonly (readonly [string, Named])[] {
    return refs(resource).map((each) => {
      const ref = this.refOf(resource, type, each);
      return [`${kindNameOf(type)}/${mode}/${keyOf(ref)}`, { type, mode, ref }] as const;
    });
  }

  #isServed({ type }: Named): boolean {
    return this.#options.crdOf(type)?.isInstalled ?? true;
  }

  #take(id: string, { type, mode, ref }: Named, holder: ObjectKey): NamedObject {
    const known = this.#watched.get(id);
    if (known !== undefined) {
      known.holders.add(holder);
      return known;
    }
    const { client, clock } = this.#options;
    const trouble = Promise.withResolvers<unknown>();
    const onProblem = (problem: ReflectorProblem) => {
      trouble.resolve(problem.error);
      this.#options.onProblem(problem);
    };
    const informer = new Informer<KubeObject>({
      ...{ client, clock, type, mode, namespace: ref.namespace, onProblem },
      fieldSelector: `metadata.name=${ref.name}`,
      admit: (object) => ({ keep: withoutManagedFields(object), quiet: false }),
    });
    const named: NamedObject = {
      ...{ type, mode, ref, informer, trouble: trouble.promise },
      holders: new Set([holder]),
      end: new AbortController(),
    };
    informer.onChange(({ before, after }, initial) => {
      if (initial) return; // The pass that asked for it waits for this very answer.
      const verb = after === undefined ? 'deleted' : before === undefined ? 'appeared' : 'changed';
      for (const each of named.holders) this.#options.onChange(each, type, ref.name, verb);
    });
    this.#watched.set(id, named);
    this.#watch(named);
    return named;
  }

  #watch({ informer, end }: NamedObject): void {
    if (this.#stop === undefined) throw new Error('named objects are watched only while the controller watches');
    const signal = AbortSignal.any([this.#stop, end.signal]);
    // Begun in a pass and outliving it: what it asks for is not to be counted as that pass's.
    const run: Promise<void> = currentPass.exit(() => informer.run(signal)).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  #letGo(id: string, holder: ObjectKey): void {
    const named = this.#watched.get(id);
    named?.holders.delete(holder);
    if (named?.holders.size !== 0) return;
    named.end.abort();
    this.#watched.delete(id);
  }

  async #known({ informer, type, ref, trouble }: NamedObject, signal: AbortSignal): Promise<void> {
    if (informer.isSynced) return;
    const what = `${kindNameOf(type)} ${keyOf(ref)}`;
    const done = new AbortController();
    const limit = this.#options.clock.sleep(firstAnswerLimit, AbortSignal.any([signal, done.signal])).then(() => {
      throw new Error(`${what} is not known yet: its watch has not answered within ${firstAnswerLimit / 1_000} s`);
    });
    limit.catch(() => {}); // Ended by one of the signals; the race below has been decided then, or rejects with it.
    const failure = trouble.then((error) => {
      throw new Error(`${what} cannot be watched: ${messageOf(error)}`, { cause: error });
    });
    await Promise.race([informer.synced, failure, limit]).finally(() => done.abort());
  }

  /** The watches of a kind that is not there any more would ask for it for ever. */
  #followCrd(type: ResourceType): void {
    this.#options.crdOf(type)?.onChange((isInstalled) => {
      if (isInstalled) {
        this.#options.onInstalled(type);
        return;
      }
      for (const [id, named] of this.#watched) if (isSameKind(named.type, type)) this.#drop(id, named);
    });
  }

  #drop(id: string, { type, ref, holders, end, informer }: NamedObject): void {
    end.abort();
    this.#watched.delete(id);
    if (informer.size === 0) return;
    for (const holder of holders) this.#options.onChange(holder, type, ref.name, 'deleted');
  }
}

function isSameKind(a: ResourceType, b: ResourceType): boolean {
  return a.kind === b.kind && a.group === b.group;
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
