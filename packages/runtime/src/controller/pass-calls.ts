import {
  ApiError,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ObjectRef,
  type PolicyRule,
  type ResourceType,
} from '@capstan/kube';
import type { Logger } from 'pino';
import { keyOf } from '../cache/object-key.ts';
import { controllerUid } from '../cache/object-store.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { PassTrace } from '../observe/pass-trace.ts';
import type { Caches } from './pass-cache.ts';
import { childName } from './plan.ts';
import { wasMadeHere } from './prune.ts';
import type { ListedObjects, Removal, Resource } from './reconciler.ts';

export interface PassCallsOptions<T extends Resource> {
  readonly resource: T;
  readonly client: KubeClient;
  readonly names: EngineNames;
  readonly caches: Caches<T>;
  readonly calls: readonly PolicyRule[];
  readonly trace: PassTrace;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What a reconciler asks of the API server itself, beside its plan: only of kinds for which its permissions are declared. */
export class PassCalls<T extends Resource> {
  readonly #options: PassCallsOptions<T>;
  #hasRemoved = false;

  constructor(options: PassCallsOptions<T>) {
    this.#options = options;
  }

  /** Whether an object was deleted. */
  get hasRemoved(): boolean {
    return this.#hasRemoved;
  }

  async read<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): Promise<O | undefined> {
    const { client, trace, signal } = this.#options;
    signal.throwIfAborted();
    this.#checkDeclared(type, 'get');
    const at = this.#placeOf(type, ref);
    const found = await client.get(type, at, { signal });
    trace.read(type, at, found);
    return found;
  }

  async list<O extends KubeObject>(
    type: ResourceType<O>,
    { namespace, labelSelector }: ListedObjects = {},
  ): Promise<readonly O[]> {
    const { client, trace, signal } = this.#options;
    signal.throwIfAborted();
    this.#checkDeclared(type, 'list');
    const at = this.#placeOf(type, { namespace, name: '*' });
    const { items } = await client.list(type, { namespace: at.namespace, labelSelector, signal });
    trace.listed(type, at.namespace, items);
    return items;
  }

  async remove(type: ResourceType, { uid, ...ref }: ObjectRef & { readonly uid: string }): Promise<Removal> {
    const { trace, log, signal } = this.#options;
    signal.throwIfAborted();
    this.#checkDeclared(type, 'delete');
    const at = this.#placeOf(type, ref);
    this.#checkNoChild(type, at, uid);
    const result = await this.#delete(type, at, uid);
    this.#hasRemoved ||= result === 'Removed';
    trace.removed(type, at, result);
    log.info({ object: childName({ kind: type.kind, metadata: at }), result }, 'removal');
    return result;
  }

  async #delete(type: ResourceType, at: ObjectRef, uid: string): Promise<Removal> {
    const { client, signal } = this.#options;
    const options = { preconditions: { uid }, propagationPolicy: 'Background', signal } as const;
    try {
      return (await client.delete(type, at, options)) ? 'Removed' : 'Gone';
    } catch (error) {
      // Another object has the name: the one that was meant is gone.
      if (error instanceof ApiError && error.isConflict) return 'Gone';
      throw error;
    }
  }

  /** Where a name or a list leads to that says no namespace: the resource's own. */
  #placeOf(type: ResourceType, { namespace, name }: ObjectRef): ObjectRef {
    const { resource, caches } = this.#options;
    if (caches.named.includes(type)) return caches.named.refOf(resource, type, { namespace, name });
    return type.namespaced ? { namespace: namespace ?? resource.metadata.namespace, name } : { name };
  }

  /** What is not declared would lack its permission in a cluster where they are minded. */
  #checkDeclared(type: ResourceType, verb: 'get' | 'list' | 'delete'): void {
    if (this.#isCalled(type, verb) || (verb !== 'delete' && this.#isWatched(type, verb))) return;
    const name = kindNameOf(type);
    if (verb === 'delete') throw new Error(`${name} is deleted by a pass: add a rule for "delete" under "calls"`);
    const [done, watched] = verb === 'get' ? ['read', 'as referenced'] : ['listed', 'as referenced or mapped'];
    throw new Error(
      `${name} is ${done} by a pass: let "watches" have it ${watched}, or add a rule for "${verb}" under "calls"`,
    );
  }

  #isCalled({ group, plural }: ResourceType, verb: string): boolean {
    return this.#options.calls.some(
      ({ apiGroups = [], resources = [], verbs }) =>
        apiGroups.includes(group) && resources.includes(plural) && verbs.includes(verb),
    );
  }

  /** A kind that is mapped is watched by list, and no object of it may be read by its name. */
  #isWatched(type: ResourceType, verb: 'get' | 'list'): boolean {
    const { primary, named, children, mapped } = this.#options.caches;
    const isPrimary = type.kind === primary.kind && type.group === primary.group;
    if (isPrimary || named.includes(type) || children.find(type) !== undefined) return true;
    return verb === 'list' && mapped.of(type).length > 0;
  }

  /** A child comes and goes with the plan; deleted here it would be made anew at once. What was never applied here is never pruned. */
  #checkNoChild(type: ResourceType, at: ObjectRef, uid: string): void {
    const { caches, resource, names } = this.#options;
    const held = caches.children.find(type)?.informerFor(at.namespace)?.store.get(keyOf(at));
    if (held?.metadata.uid !== uid || controllerUid(held) !== resource.metadata.uid) return;
    if (!wasMadeHere(held, names)) return;
    throw new Error(`${childName(held)} is a child of this resource: leave it out of the plan, and it is pruned`);
  }
}
