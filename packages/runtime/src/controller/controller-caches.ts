import {
  type Clock,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ReflectorProblem,
  type ResourceType,
} from '@capstan/kube';
import type { Logger } from 'pino';
import { CrdWatch } from '../cache/crd-watch.ts';
import { type ChangeHandler, Informer } from '../cache/informer.ts';
import type { KindInformers } from '../cache/kind-informers.ts';
import { keyOf, type ObjectKey, refOf } from '../cache/object-key.ts';
import type { Change, Indexers } from '../cache/object-store.ts';
import { primaryAdmission } from '../cache/primary-admission.ts';
import type { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { Trigger } from '../queue/work-queue.ts';
import { ChildKinds } from './child-kinds.ts';
import type { Watching } from './controller.ts';
import { MappedKinds } from './mapped-kinds.ts';
import { NamedObjects } from './named-objects.ts';
import type { Caches } from './pass-cache.ts';
import type { ControllerOptions, PrimaryKind, Resource } from './reconciler.ts';
import type { ResourceReader } from './watched-kind.ts';

export interface ControllerCachesOptions<T extends Resource> {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly names: EngineNames;
  readonly memory: AppliedMemory;
  /** `[undefined]`: every namespace. */
  readonly namespaces: readonly (string | undefined)[];
  readonly onResource: ChangeHandler<T>;
  readonly onChild: (type: ResourceType, change: Change, initial: boolean) => void;
  /** Told of each resource that has something to do with what happened elsewhere. */
  readonly onConcerned: (key: ObjectKey, trigger: Trigger) => void;
  /** Told when an optional kind became available, or ceased to be; called before what is known of it is dropped. */
  readonly onServed: (kind: KindInformers, isServed: boolean) => void;
  /** Told when the definition of an optional kind was installed whose objects are named. */
  readonly onInstalled: (type: ResourceType) => void;
}

/** Everything that one controller holds in memory: its resources, their children, and what else it was told to watch. */
export class ControllerCaches<T extends Resource> implements Caches<T> {
  readonly primary: PrimaryKind<T>;
  readonly resources: ResourceReader<T>;
  readonly children: ChildKinds;
  readonly mapped: MappedKinds<T>;
  readonly named: NamedObjects<T>;
  readonly #controller: ControllerOptions<T>;
  readonly #options: ControllerCachesOptions<T>;
  readonly #primaries: ReadonlyMap<string | undefined, Informer<T>>;
  readonly #crds = new Map<string, CrdWatch>();

  constructor(primary: PrimaryKind<T>, controller: ControllerOptions<T>, options: ControllerCachesOptions<T>) {
    this.primary = primary;
    this.#controller = controller;
    this.#options = options;
    const where = primary.namespaced ? options.namespaces : [undefined];
    this.#primaries = new Map(where.map((namespace) => [namespace, this.#primaryInformer(namespace)]));
    this.resources = this.#reader();
    const shared = { ...options, onProblem: this.#watchProblem, crdOf: this.#crdOf };
    this.children = new ChildKinds(controller.owns, { ...shared, primary });
    const { watches = [] } = controller;
    this.mapped = new MappedKinds(
      watches.filter((kind) => kind.by === 'kind'),
      { ...shared, resources: this.resources, onChange: this.#mappedChanged, onFailure: this.#mapFailed },
    );
    this.named = new NamedObjects(
      watches.filter((kind) => kind.by === 'name'),
      { ...shared, onChange: this.#namedChanged },
    );
    this.#connect();
  }

  /** Every informer that is at work, as what keeps watching: whatever its objects are. */
  informers(): readonly Watching[] {
    return [
      ...this.#primaries.values(),
      ...[...this.children.all, ...this.mapped.all].flatMap(({ informers }) => informers),
      ...[...this.#crds.values()].map(({ informer }) => informer),
      ...this.named.informers,
    ];
  }

  /** Resolves when everything that is watched from the start is known. */
  get synced(): Promise<unknown> {
    const kinds = [...this.children.all, ...this.mapped.all];
    const crds = [...this.#crds.values()].map(({ informer }) => informer);
    return Promise.all([...this.#primaries.values(), ...kinds, ...crds].map(({ synced }) => synced));
  }

  /** Watches until the signal; never fails before. */
  async run(stop: AbortSignal): Promise<void> {
    const crds = [...this.#crds.values()].map(({ informer }) => informer);
    const parts = [...this.#primaries.values(), ...this.children.all, ...this.mapped.all, ...crds, this.named];
    await Promise.all(parts.map((part) => part.run(stop)));
  }

  resource(key: ObjectKey): T | undefined {
    return this.informerOf(key)?.store.get(key);
  }

  /** The informer that would hold this resource; `undefined` outside the namespaces watched. */
  informerOf(key: ObjectKey): Informer<T> | undefined {
    return this.#primaries.get(undefined) ?? this.#primaries.get(refOf(key).namespace);
  }

  /** The names of all resources. */
  keys(): readonly ObjectKey[] {
    return [...this.#primaries.values()].flatMap(({ store }) => [...store.keys()]);
  }

  #connect(): void {
    for (const informer of this.#primaries.values()) informer.onChange(this.#options.onResource);
    for (const kind of this.children.all)
      kind.onChange((change, initial) => this.#options.onChild(kind.type, change, initial));
  }

  #primaryInformer(namespace: string | undefined): Informer<T> {
    const { client, clock } = this.#options;
    return new Informer<T>({
      ...{ client, clock, namespace, type: this.primary, mode: 'full', admit: primaryAdmission },
      indexers: this.#indexers(),
      onProblem: this.#watchProblem,
    });
  }

  /** The author's indexes, which must not keep an object out of the cache when they throw. */
  #indexers(): Indexers<T> {
    const { indexes = {} } = this.#controller;
    const guarded = Object.entries(indexes).map(([name, valuesOf]): [string, (resource: T) => readonly string[]] => [
      name,
      (resource) => {
        try {
          return valuesOf(resource);
        } catch (error) {
          const { namespace, name: resourceName } = resource.metadata;
          this.#options.log.error(
            { index: name, namespace, name: resourceName, err: error },
            'an index failed on a resource',
          );
          return [];
        }
      },
    ]);
    return Object.fromEntries(guarded);
  }

  #reader(): ResourceReader<T> {
    const stores = [...this.#primaries.values()].map(({ store }) => store);
    return {
      get: (ref) => this.resource(keyOf(ref)),
      list: ({ namespace } = {}) => {
        const all = stores.flatMap((store) => [...store.values()]);
        return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
      },
      byIndex: (index, value) => stores.flatMap((store) => store.byIndex(index, value)),
    };
  }

  readonly #crdOf = (type: ResourceType): CrdWatch | undefined => {
    const declared = [...this.#controller.owns, ...(this.#controller.watches ?? [])];
    const isOptional = declared.some((kind) => kind.optional === true && kindNameOf(kind.type) === kindNameOf(type));
    if (!isOptional) return undefined;
    const { client, clock } = this.#options;
    const crd =
      this.#crds.get(kindNameOf(type)) ?? new CrdWatch(type, { client, clock, onProblem: this.#watchProblem });
    this.#crds.set(kindNameOf(type), crd);
    return crd;
  };

  readonly #watchProblem = ({ kind, resource, error, ...rest }: ReflectorProblem): void => {
    const what =
      kind === 'sink' ? 'an object could not be taken into the cache' : 'watch interrupted; it goes on by itself';
    this.#options.log.warn({ resource, err: error, ...rest }, what);
  };

  readonly #mappedChanged = (
    key: ObjectKey,
    type: ResourceType,
    { key: changed, before, after }: Change,
    initial: boolean,
  ) => {
    const reason = `${type.kind}/${refOf(changed).name} ${verbOf(before, after)}`;
    this.#options.onConcerned(key, { priority: initial ? 'initial' : 'child', reason });
  };

  readonly #namedChanged = (key: ObjectKey, type: ResourceType, name: string, verb: string) => {
    this.#options.onConcerned(key, { priority: 'child', reason: `${type.kind}/${name} ${verb}` });
  };

  readonly #mapFailed = (
    type: ResourceType,
    what: 'map' | 'keep',
    { metadata: { namespace, name } }: KubeObject,
    error: unknown,
  ) => {
    const consequence =
      what === 'map'
        ? 'the mapping of a watched object to resources failed'
        : 'what to keep of a watched object could not be told; the cache holds all of it';
    this.#options.log.error({ kind: type.kind, namespace, name, err: error }, consequence);
  };
}

/** What happened to an object, in a word for people. */
export function verbOf(before: unknown, after: unknown): 'appeared' | 'changed' | 'deleted' {
  if (after === undefined) return 'deleted';
  return before === undefined ? 'appeared' : 'changed';
}
