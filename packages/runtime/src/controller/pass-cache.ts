import { apiVersionOf, type KubeObject, kindNameOf, type ObjectRef, type ResourceType } from '@capstan/kube';
import type { Informer } from '../cache/informer.ts';
import type { KindInformers } from '../cache/kind-informers.ts';
import { keyOf, type ObjectKey } from '../cache/object-key.ts';
import type { PassTrace } from '../observe/pass-trace.ts';
import type { ChildKinds } from './child-kinds.ts';
import type { MappedKinds } from './mapped-kinds.ts';
import type { NamedObjects } from './named-objects.ts';
import type { CacheReader, PrimaryKind, Resource } from './reconciler.ts';
import type { ResourceReader } from './watched-kind.ts';

/** Everything a controller holds in memory. */
export interface Caches<T extends Resource> {
  readonly primary: PrimaryKind<T>;
  readonly resources: ResourceReader<T>;
  readonly children: ChildKinds;
  readonly mapped: MappedKinds<T>;
  readonly named: NamedObjects<T>;
}

/** What one pass may see of the caches; each look is noted in its trace. */
export class PassCache<T extends Resource> implements CacheReader<T> {
  readonly #caches: Caches<T>;
  readonly #key: ObjectKey;
  readonly #resource: T;
  readonly #trace: PassTrace;

  constructor(caches: Caches<T>, key: ObjectKey, resource: T, trace: PassTrace) {
    this.#caches = caches;
    this.#key = key;
    this.#resource = resource;
    this.#trace = trace;
  }

  get<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): O | undefined {
    const found = this.#find(type, ref);
    this.#trace.read(type, ref, found);
    return found as O | undefined; // The informer was made for this very resource type.
  }

  list<O extends KubeObject>(
    type: ResourceType<O>,
    { namespace }: { readonly namespace?: string | undefined } = {},
  ): readonly O[] {
    this.#trace.read(type, { namespace, name: '*' }, undefined);
    const found = this.#all(type, namespace);
    const there = namespace === undefined ? found : found.filter(({ metadata }) => metadata.namespace === namespace);
    return there as readonly O[]; // The informers were made for this very resource type.
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#caches.resources.byIndex(index, value);
  }

  isServed(type: ResourceType): boolean {
    const { primary, children, mapped, named } = this.#caches;
    if (isSameKind(type, primary) || named.includes(type)) return true;
    const whole = [...mapped.of(type), children.find(type)].filter((kind) => kind !== undefined);
    if (whole.length > 0) return whole.every((kind) => kind.isServed);
    throw new Error(`${kindNameOf(type)} is asked for by a pass, but is under neither "owns" nor "watches": add it`);
  }

  /** What the resource names comes first: of an owned kind, only a stub of it would be found among the children. */
  #find(type: ResourceType, ref: ObjectRef): KubeObject | undefined {
    const { primary, resources, children, mapped, named } = this.#caches;
    if (isSameKind(type, primary)) return resources.get(ref);
    const wanted = named.includes(type) ? named.refOf(this.#resource, type, ref) : ref;
    if (named.isNamed(this.#key, type, wanted))
      return named.of(this.#key, type).find(({ metadata }) => keyOf(metadata) === keyOf(wanted));
    const owned = children.find(type);
    const whole = [...mapped.of(type), ...(owned === undefined ? [] : [owned])];
    if (whole.length > 0) return firstOf(whole, ref);
    if (named.includes(type))
      throw new Error(`${describe(type, wanted)} is read by a pass whose resource does not name it`);
    throw new Error(
      `${describe(type, ref)} is read by a pass, but its kind is under neither "owns" nor "watches": add it`,
    );
  }

  #all(type: ResourceType, namespace: string | undefined): readonly KubeObject[] {
    const { primary, resources, children, mapped, named } = this.#caches;
    if (isSameKind(type, primary)) return resources.list({ namespace });
    const whole = mapped.of(type);
    if (whole.length > 0) return allOf(whole);
    const owned = children.find(type);
    if (owned !== undefined) return owned.informers.flatMap((informer) => childrenOf(this.#resource, informer));
    if (named.includes(type)) return named.of(this.#key, type);
    throw new Error(`${kindNameOf(type)} is listed by a pass, but is under neither "owns" nor "watches": add it`);
  }
}

function firstOf(kinds: readonly KindInformers[], ref: ObjectRef): KubeObject | undefined {
  const key = keyOf(ref);
  for (const kind of kinds) {
    const found = kind.informerFor(ref.namespace)?.store.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A kind that is mapped more than once may bring the same object more than once: the first has it. */
function allOf(kinds: readonly KindInformers[]): readonly KubeObject[] {
  const all = kinds.flatMap(({ informers }) => informers.flatMap(({ store }) => [...store.values()]));
  if (kinds.length === 1) return all;
  const byKey = Map.groupBy(all, ({ metadata }) => keyOf(metadata));
  return [...byKey.values()].flatMap(([first]) => first ?? []);
}

function childrenOf({ metadata: { uid = '' } }: Resource, { store }: Informer<KubeObject>): readonly KubeObject[] {
  return store.ownedBy(uid).flatMap((key) => store.get(key) ?? []);
}

function isSameKind(a: ResourceType, b: ResourceType): boolean {
  return a.kind === b.kind && a.group === b.group;
}

function describe(type: ResourceType, ref: ObjectRef): string {
  return `${type.kind} ${keyOf(ref)} (${apiVersionOf(type)})`;
}
