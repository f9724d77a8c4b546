import {
  ApiError,
  type ApplyOptions,
  apiVersionOf,
  CustomResourceDefinition,
  type DeleteOptions,
  type Draft,
  Event,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ListOptions,
  Namespace,
  type ObjectRef,
  type Page,
  type PatchBody,
  type ResourceType,
  servedType,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from '@capstan/kube';
import { crdNameOf } from '../cache/crd-watch.ts';
import { keyOf } from '../cache/object-key.ts';
import { fieldOf } from '../engine/json-value.ts';
import { Access } from './access.ts';
import { mergePatch } from './merge-patch.ts';
import { predict } from './predict.ts';
import { replacingPatch } from './replacing-patch.ts';
import type { Snapshots } from './snapshots.ts';

/** How it is known what a write would come to: the API server's dry run, or a comparison made here. */
export type Basis = 'server' | 'comparison';

/** A write that was asked for and not made. */
export interface RehearsedWrite {
  readonly verb: 'apply' | 'create' | 'replace' | 'patch' | 'delete' | 'scale';
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  readonly subresource?: string;
  readonly before: KubeObject | undefined;
  /** Absent when the write was refused, and for deletions. */
  readonly after?: KubeObject;
  readonly basis: Basis;
  readonly propagationPolicy?: DeleteOptions['propagationPolicy'];
}

export interface RehearsalOptions {
  /** Reads and dry runs go through it; without one nothing is known of any cluster. */
  readonly client: KubeClient | undefined;
  readonly snapshots: Snapshots;
  readonly primary: ResourceType;
  /** The one resource that exists of the primary kind, as far as the rehearsal goes. */
  readonly subject: KubeObject;
  /** Kinds that may be missing: the runner deals with them as it does at work. */
  readonly optional: readonly ResourceType[];
  /** Told when the rehearsal cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

const endOfSnapshot = { type: 'BOOKMARK', resourceVersion: '1', initialEventsEnd: true } as const;

/**
 * A client whose watches bring one snapshot and then stay silent, and whose writes are dry runs, noted in order.
 *
 * A runner that works over it does everything it does at work, and nothing is stored. Where a dry run is not allowed, the
 * answer is what the write would most likely come to.
 */
export class RehearsalClient implements KubeClient {
  readonly writes: RehearsedWrite[] = [];
  /** Sentences about what could not be looked at as it should be. */
  readonly notes = new Set<string>();
  /** Names ({@link kindNameOf}) of kinds whose objects may not be read. */
  readonly unreadable = new Set<string>();
  readonly #options: RehearsalOptions;
  readonly #access: Access | undefined;
  readonly #deleted = new Set<string>();
  /** Objects with the ownership records that a rehearsed patch gave them: an apply goes by these, and the server has others. */
  readonly #recorded = new Map<string, KubeObject>();
  #subject: KubeObject;

  constructor(options: RehearsalOptions) {
    this.#options = options;
    this.#subject = options.subject;
    this.#access = options.client && new Access(options.client);
  }

  async get<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options?: Parameters<KubeClient['get']>[2],
  ): Promise<T | undefined> {
    // The subject is of the primary kind, which the caller names by its type.
    if (this.#isSubject(type, ref)) return this.#subject as T;
    const name = nameOf(type, ref);
    if (this.#deleted.has(name)) return undefined;
    // What has the name of an object of a kind is an object of that kind.
    return (this.#recorded.get(name) as T | undefined) ?? this.#options.client?.get(type, ref, options);
  }

  async list<T extends KubeObject>(type: ResourceType<T>, options: ListOptions = {}): Promise<Page<T>> {
    const { client, primary } = this.#options;
    if (client !== undefined && !isSameKind(type, primary)) {
      const { items, ...page } = await client.list(type, options);
      return { ...page, items: items.filter(({ metadata }) => !this.#deleted.has(nameOf(type, metadata))) };
    }
    return { items: await this.#snapshot(type, options), resourceVersion: '1' };
  }

  async *pages<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): AsyncGenerator<Page<T>> {
    yield await this.list(type, options);
  }

  async *watch<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    if (options.sendInitialEvents === true) {
      for (const object of await this.#snapshot(type, options)) yield { type: 'ADDED', object };
      yield endOfSnapshot;
    }
    await aborted(options.signal);
  }

  async create<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>, options: WriteOptions = {}): Promise<T> {
    if (isSameKind(type, Event)) return named(object);
    const { client } = this.#options;
    // A dry run that the pass itself asks for is a question, not a write.
    if (options.dryRun === true && client !== undefined) return client.create(type, object, options);
    const ref = refOf(object);
    return this.#write('create', type, ref, undefined, {
      send: (client) => client.create(type, object, { ...options, dryRun: true }),
      predicted: () => named(object),
    });
  }

  async replace<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): Promise<T> {
    return this.#write('replace', type, refOf(object), options.subresource, {
      send: (client) => client.replace(type, object, { ...options, dryRun: true }),
      predicted: () => object,
    });
  }

  async apply<T extends KubeObject>(type: ResourceType<T>, body: Draft<T>, options: ApplyOptions): Promise<T> {
    const { force: _force, ...writing } = { ...options, dryRun: true };
    const recorded = this.#recorded.get(nameOf(type, refOf(body)));
    return this.#write('apply', type, refOf(body), options.subresource, {
      send: (client) => {
        if (recorded === undefined) return client.apply(type, body, { ...options, dryRun: true });
        const patch = replacingPatch(recorded, predict(body, recorded, options.fieldManager));
        return client.patch(type, refOf(body), patch, writing);
      },
      // What an apply makes of an object of a kind is an object of that kind.
      predicted: (live) => predict(body, live, options.fieldManager) as T,
    });
  }

  async patch<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    patch: PatchBody,
    options: WriteOptions = {},
  ): Promise<T> {
    if (isSameKind(type, Event)) return { apiVersion: apiVersionOf(type), kind: type.kind, metadata: ref } as T;
    const after = await this.#write('patch', type, ref, options.subresource, {
      send: (client) => client.patch(type, ref, patch, { ...options, dryRun: true }),
      // What a patch makes of an object of a kind is an object of that kind.
      predicted: (live) => merged(live ?? { ...headOf(type), metadata: ref }, patch) as T,
    });
    if (isOfRecords(patch) && !this.#isSubject(type, ref)) this.#recorded.set(nameOf(type, ref), after);
    return after;
  }

  async delete(type: ResourceType, ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const before = await this.get(type, ref);
    const { client } = this.#options;
    const basis = await this.#attempt('delete', type, ref, async () => {
      await client?.delete(type, ref, { ...options, dryRun: true });
    });
    const { propagationPolicy, preconditions } = options;
    // What the server would have said: it was not asked, or it had nothing to say of an object that is there no more.
    if (before === undefined) return false;
    if (isAnother(before, preconditions?.uid)) throw conflict(type, ref);
    this.writes.push({ verb: 'delete', type, ref, before, basis, ...(propagationPolicy && { propagationPolicy }) });
    this.#deleted.add(nameOf(type, ref));
    return true;
  }

  async getScale(...[type, ref, options]: Parameters<KubeClient['getScale']>): ReturnType<KubeClient['getScale']> {
    return this.#options.client?.getScale(type, ref, options);
  }

  async setScale(type: ResourceType, ref: ObjectRef, replicas: number): ReturnType<KubeClient['setScale']> {
    const before = await this.get(type, ref);
    const after = before && (merged(before, { kind: 'merge', body: { spec: { replicas } } }) as KubeObject);
    this.writes.push({ verb: 'scale', type, ref, before, basis: 'comparison', ...(after && { after }) });
    return { specReplicas: replicas, statusReplicas: replicas, resourceVersion: '' };
  }

  async raw(...[path, options]: Parameters<KubeClient['raw']>): Promise<unknown> {
    const { client } = this.#options;
    if (client === undefined) throw new ApiError({ status: 404, reason: 'NotFound', message: 'there is no cluster' });
    return client.raw(path, options);
  }

  /** The client it stands before stays open: it is its owner's. */
  async close(): Promise<void> {}

  async #snapshot<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions): Promise<readonly T[]> {
    const { client, snapshots, primary, optional, onFailure } = this.#options;
    if (isSameKind(type, primary)) return [this.#subject as T];
    const { namespace, labelSelector, fieldSelector, metadataOnly = false, signal } = options;
    try {
      if (client === undefined) return await this.#unseen(type, fieldSelector);
      return await snapshots.list(client, type, { namespace, labelSelector, fieldSelector, metadataOnly, signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) return this.#unseen(type, fieldSelector, namespace);
      const isAbsent = error instanceof ApiError && error.isNotFound;
      if (!isAbsent || !optional.some((one) => isSameKind(one, type))) onFailure(error);
      throw error;
    }
  }

  /** What is told of objects that cannot be seen: none, but for the definitions of optional kinds, which are served or not. */
  async #unseen<T extends KubeObject>(
    type: ResourceType<T>,
    fieldSelector = '',
    namespace?: string | undefined,
  ): Promise<readonly T[]> {
    const { client, optional } = this.#options;
    if (!isSameKind(type, CustomResourceDefinition)) {
      if (client === undefined) return [];
      this.unreadable.add(kindNameOf(type));
      this.notes.add(`you may not list ${type.plural}${inNamespace(namespace)}: what exists of them is not known`);
      return [];
    }
    const wanted = optional.filter((one) => fieldSelector === `metadata.name=${crdNameOf(one)}`);
    const served = await Promise.all(
      wanted.map(async (one) => client === undefined || (await servedType(client, one)) !== undefined),
    );
    // A definition of which only the name is ever looked at.
    const definitions = wanted
      .filter((_, index) => served[index])
      .map((one) => ({
        ...headOf(CustomResourceDefinition),
        metadata: { name: crdNameOf(one), uid: crdNameOf(one), resourceVersion: '1' },
      }));
    return definitions as readonly KubeObject[] as readonly T[];
  }

  /** The status of the subject, and what else a pass writes on it, is computed here: nobody but the operator may write it. */
  async #write<T extends KubeObject>(
    verb: RehearsedWrite['verb'],
    type: ResourceType<T>,
    ref: ObjectRef,
    subresource: string | undefined,
    { send, predicted }: { send: (client: KubeClient) => Promise<T>; predicted: (live: T | undefined) => T },
  ): Promise<T> {
    const before = await this.#before(type, ref);
    const isSubject = this.#isSubject(type, ref);
    let after: T | undefined;
    const note = { verb, type, ref, before, ...(subresource !== undefined && { subresource }) };
    try {
      const basis =
        isSubject || this.#isOutOfReach(type, ref)
          ? 'comparison'
          : await this.#attempt(before === undefined ? 'create' : 'patch', type, ref, async (client) => {
              after = await send(client);
            });
      after ??= predicted(before);
      this.writes.push({ ...note, after, basis });
    } catch (error) {
      this.writes.push({ ...note, basis: 'server' });
      throw error;
    }
    if (isSubject) this.#subject = after;
    return after;
  }

  /** What may not be read cannot be compared with, and what was deleted in the rehearsal still stands in the cluster. */
  #isOutOfReach(type: ResourceType, ref: ObjectRef): boolean {
    return this.unreadable.has(kindNameOf(type)) || this.#deleted.has(nameOf(type, ref));
  }

  async #before<T extends KubeObject>(type: ResourceType<T>, ref: ObjectRef): Promise<T | undefined> {
    if (this.unreadable.has(kindNameOf(type))) return undefined;
    return this.get(type, ref);
  }

  /** Asks the server by a dry run; where that is not this identity's right, the caller has to reckon for itself. */
  async #attempt(
    verb: 'create' | 'patch' | 'delete',
    type: ResourceType,
    ref: ObjectRef,
    send: (client: KubeClient) => Promise<void>,
  ): Promise<Basis> {
    const { client } = this.#options;
    if (client === undefined) return 'comparison';
    try {
      await send(client);
      return 'server';
    } catch (error) {
      if (!(error instanceof ApiError) || !(await this.#isOnlyInTheWay(error, verb, type, ref))) throw error;
      return 'comparison';
    }
  }

  /** Whether a refusal says nothing about the write itself. */
  async #isOnlyInTheWay(error: ApiError, verb: string, type: ResourceType, { namespace }: ObjectRef): Promise<boolean> {
    if (error.status === 403) {
      const verbs = verb === 'create' ? ['patch', 'create'] : [verb];
      const allowed = await Promise.all(verbs.map((one) => this.#access?.allows(one, type, namespace)));
      if (allowed.every((isAllowed) => isAllowed === true)) return false;
      this.notes.add(
        `you may not ${verbs.join(' and ')} ${type.plural}${inNamespace(namespace)}, which a dry run needs: ` +
          'compared with what is live instead, without defaults and admission',
      );
      return true;
    }
    if (error.status !== 404 || namespace === undefined || (await this.#hasNamespace(namespace))) return false;
    this.notes.add(`namespace ${namespace} does not exist: nothing in it could be tried`);
    return true;
  }

  async #hasNamespace(name: string): Promise<boolean> {
    return (await this.#options.client?.get(Namespace, { name }, { metadataOnly: true })) !== undefined;
  }

  #isSubject(type: ResourceType, { namespace, name }: ObjectRef): boolean {
    const { primary, subject } = this.#options;
    return isSameKind(type, primary) && keyOf({ namespace, name }) === keyOf(subject.metadata);
  }
}

function isSameKind(a: ResourceType, b: ResourceType): boolean {
  return a.kind === b.kind && a.group === b.group;
}

function nameOf(type: ResourceType, ref: ObjectRef): string {
  return `${kindNameOf(type)} ${keyOf(ref)}`;
}

function isAnother({ metadata: { uid } }: KubeObject, wanted: string | undefined): boolean {
  return wanted !== undefined && uid !== wanted;
}

function conflict({ kind }: ResourceType, { name }: ObjectRef): ApiError {
  const message = `${kind}/${name} is another object than the one to be deleted: it has another UID`;
  return new ApiError({ status: 409, reason: 'Conflict', message });
}

function headOf(type: ResourceType): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: apiVersionOf(type), kind: type.kind };
}

function refOf({ metadata: { namespace, name = '' } }: Draft<KubeObject>): ObjectRef {
  return { ...(namespace !== undefined && { namespace }), name };
}

/** A draft with a name is an object, but for what the server fills in. */
function named<T extends KubeObject>(draft: Draft<T>): T {
  return { ...draft, metadata: { ...draft.metadata, name: draft.metadata.name ?? '' } } as unknown as T;
}

function isOfRecords(patch: PatchBody): boolean {
  return patch.kind === 'merge' && fieldOf(fieldOf(patch.body, 'metadata'), 'managedFields') !== undefined;
}

/** A JSON merge patch (RFC 7386); other patches are not foretold. */
function merged(target: unknown, patch: PatchBody): unknown {
  return patch.kind === 'merge' ? mergePatch(target, patch.body) : target;
}

function inNamespace(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` in namespace ${namespace}`;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
