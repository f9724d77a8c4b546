import type { KubeObject } from '@capstan/kube';
import { keyOf, type ObjectKey } from './object-key.ts';
import { isNewer } from './resource-version.ts';

/** An object that came, changed or went; both are shared values and must not be changed. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly key: ObjectKey;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Ways to find objects by something they say: each gives the values under which an object is found. Must not throw. */
export type Indexers<T extends KubeObject> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** The UID of the controller owner, if the object has one. */
export function controllerUid(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

/**
 * The objects of one kind, newest version wins, indexed by the UID of their controller owner and by what its maker asks for.
 *
 * Writes come from two sides, the watch and the answers to our own requests, in either order: an older version never
 * replaces a newer one, and the answer to a write never brings an object back whose deletion was seen meanwhile.
 */
export class ObjectStore<T extends KubeObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #keysByOwner = new Map<string, Set<ObjectKey>>();
  readonly #indexers: Indexers<T>;
  /** Index name, then value. */
  readonly #keysByValue: ReadonlyMap<string, Map<string, Set<ObjectKey>>>;

  constructor(indexers: Indexers<T> = {}) {
    this.#indexers = indexers;
    this.#keysByValue = new Map(Object.keys(indexers).map((name) => [name, new Map()]));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#objects.keys();
  }

  /** Keys of the objects whose controller owner has this UID. */
  ownedBy(uid: string): readonly ObjectKey[] {
    return [...(this.#keysByOwner.get(uid) ?? [])];
  }

  /**
   * Objects for which the named index gives this value.
   * @throws {Error} when there is no such index: a mistake of the program
   */
  byIndex(name: string, value: string): readonly T[] {
    const keysByValue = this.#keysByValue.get(name);
    if (keysByValue === undefined)
      throw new Error(`there is no index "${name}": add it under "indexes" of the controller`);
    return [...(keysByValue.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Stores the object unless the store knows an equal or newer version of it; `undefined` when it does. */
  put(object: T): Change<T> | undefined {
    const key = keyOf(object.metadata);
    const before = this.#objects.get(key);
    if (before !== undefined && !isNewer(object, before)) return undefined;
    return this.replace(object);
  }

  /** Stores the object whatever version the store knows of it. */
  replace(object: T): Change<T> {
    const key = keyOf(object.metadata);
    const before = this.#objects.get(key);
    this.#unindex(key, before);
    this.#objects.set(key, object);
    this.#index(key, object);
    return { key, before, after: object };
  }

  /** Replaces the stored value by a leaner form of the same version. */
  slim(object: T): void {
    const key = keyOf(object.metadata);
    if (this.#objects.get(key)?.metadata.resourceVersion === object.metadata.resourceVersion)
      this.#objects.set(key, object);
  }

  /** Removes an object; a deletion older than what is stored (the name was taken again) changes nothing. */
  remove(key: ObjectKey, deleted?: KubeObject): Change<T> | undefined {
    const before = this.#objects.get(key);
    if (before === undefined) return undefined;
    if (deleted !== undefined && isNewer(before, deleted) && before.metadata.uid !== deleted.metadata.uid)
      return undefined;
    this.#objects.delete(key);
    this.#unindex(key, before);
    return { key, before, after: undefined };
  }

  #index(key: ObjectKey, object: T): void {
    const owner = controllerUid(object);
    if (owner !== undefined) addTo(this.#keysByOwner, owner, key);
    for (const [name, keysByValue] of this.#keysByValue)
      for (const value of this.#indexers[name]?.(object) ?? []) addTo(keysByValue, value, key);
  }

  #unindex(key: ObjectKey, object: T | undefined): void {
    if (object === undefined) return;
    const owner = controllerUid(object);
    if (owner !== undefined) removeFrom(this.#keysByOwner, owner, key);
    for (const [name, keysByValue] of this.#keysByValue)
      for (const value of this.#indexers[name]?.(object) ?? []) removeFrom(keysByValue, value, key);
  }
}

function addTo(keysByValue: Map<string, Set<ObjectKey>>, value: string, key: ObjectKey): void {
  const keys = keysByValue.get(value);
  if (keys === undefined) keysByValue.set(value, new Set([key]));
  else keys.add(key);
}

function removeFrom(keysByValue: Map<string, Set<ObjectKey>>, value: string, key: ObjectKey): void {
  const keys = keysByValue.get(value);
  keys?.delete(key);
  if (keys?.size === 0) keysByValue.delete(value);
}
