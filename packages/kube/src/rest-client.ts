import { ApiError } from './api-error.ts';
import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  Draft,
  KubeClient,
  ListOptions,
  Page,
  PatchBody,
  Scale,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import type { Clock } from './clock.ts';
import { createdFrom, type ListPage, listPageFrom, objectFrom, parseJson, scaleFrom } from './decode.ts';
import { APPLY_TYPE, JSON_TYPE, PARTIAL_LIST, PARTIAL_OBJECT, PATCH_TYPES } from './media-type.ts';
import type { KubeObject, ObjectRef } from './object.ts';
import { listQuery, watchQuery, writeQuery } from './query.ts';
import { pathOf, type ResourceType } from './resource-type.ts';
import type { Refusal } from './status.ts';
import type { Answer, ApiCall, Transport } from './transport/transport.ts';
import { readWatch } from './watch/watch-stream.ts';

const DEFAULT_PAGE_SIZE = 500;
/** How often `list` starts over when its snapshot expires between pages; after that it asks for everything at once. */
const MAX_PAGED_ATTEMPTS = 2;

interface RestClientOptions {
  /** Used for namespaced objects that name none. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Ask for compressed lists. */
  readonly compressLists: boolean;
}

/** {@link KubeClient} over a {@link Transport}. */
export class RestClient implements KubeClient {
  readonly #transport: Transport;
  readonly #options: RestClientOptions;

  constructor(transport: Transport, options: RestClientOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  async get<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options: CallOptions & { metadataOnly?: boolean } = {},
  ): Promise<T | undefined> {
    const call: ApiCall = {
      ...read(options),
      path: this.#path(type, ref),
      accept: options.metadataOnly === true ? PARTIAL_OBJECT : JSON_TYPE,
    };
    const answer = await this.#transport.call(call);
    if (isMissing(answer, ref)) return undefined;
    return objectFrom(type, bodyOf(call, answer), nameOf(call));
  }

  async list<T extends KubeObject>(type: ResourceType<T>, options: ListOptions = {}): Promise<Page<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const limit = attempt > MAX_PAGED_ATTEMPTS ? 0 : options.limit;
      try {
        return await this.#wholeList(type, limit === undefined ? options : { ...options, limit });
      } catch (error) {
        const startOver = error instanceof ApiError && error.isExpired && attempt <= MAX_PAGED_ATTEMPTS;
        if (!startOver || options.resourceVersionMatch === 'Exact') throw error;
      }
    }
  }

  async *pages<T extends KubeObject>(type: ResourceType<T>, options: ListOptions = {}): AsyncGenerator<Page<T>> {
    let continueToken: string | undefined;
    do {
      const page: ListPage<T> = await this.#page(type, options, continueToken);
      continueToken = page.continueToken;
      const { items, resourceVersion, remainingItemCount } = page;
      yield { items, resourceVersion, ...(remainingItemCount === undefined ? {} : { remainingItemCount }) };
    } while (continueToken !== undefined);
  }

  async *watch<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    const call: ApiCall = {
      ...read(options),
      repeatable: 'never',
      path: pathOf(type, { namespace: options.namespace }),
      query: watchQuery(options),
      accept: options.metadataOnly === true ? PARTIAL_OBJECT : JSON_TYPE,
    };
    const answer = await this.#transport.open(call);
    if ('error' in answer) throw answer.error;
    try {
      yield* readWatch(type, answer.response, { request: nameOf(call), clock: this.#options.clock });
    } catch (failure) {
      throw answer.scope.explain(failure);
    } finally {
      answer.release();
    }
  }

  create<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>, options: WriteOptions = {}): Promise<T> {
    const { namespace, name } = object.metadata;
    const path = this.#path(
      type,
      { namespace, name: options.subresource === undefined ? undefined : name },
      options.subresource,
    );
    return this.#write(type, {
      ...written(options),
      method: 'POST',
      path,
      repeatable: 'once',
      body: JSON.stringify(object),
    });
  }

  replace<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const path = this.#path(type, object.metadata, options.subresource);
    const body = JSON.stringify(object);
    return this.#write(type, { ...written(options), method: 'PUT', path, repeatable: 'idempotent', body });
  }

  apply<T extends KubeObject>(type: ResourceType<T>, body: Draft<T>, options: ApplyOptions): Promise<T> {
    return this.#write(type, {
      ...written(options),
      method: 'PATCH',
      path: this.#path(type, { namespace: body.metadata.namespace, name: nameIn(type, body) }, options.subresource),
      repeatable: 'idempotent',
      contentType: APPLY_TYPE,
      body: JSON.stringify(body),
    });
  }

  patch<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    patch: PatchBody,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#write(type, {
      ...written(options),
      method: 'PATCH',
      path: this.#path(type, ref, options.subresource),
      // A merge patch says what shall be; the others may append to a list each time.
      repeatable: patch.kind === 'merge' ? 'idempotent' : 'once',
      contentType: PATCH_TYPES[patch.kind],
      body: JSON.stringify(patch.kind === 'json' ? patch.operations : patch.body),
    });
  }

  async delete(type: ResourceType, ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
    const { preconditions, propagationPolicy, gracePeriodSeconds, dryRun } = options;
    const call: ApiCall = {
      ...limits(options),
      method: 'DELETE',
      path: this.#path(type, ref),
      repeatable: 'idempotent',
      accept: JSON_TYPE,
      contentType: JSON_TYPE,
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions,
        propagationPolicy,
        gracePeriodSeconds,
        dryRun: dryRun === true ? ['All'] : undefined,
      }),
    };
    const answer = await this.#transport.call(call);
    if (isMissing(answer, ref)) return false;
    if ('error' in answer) throw answer.error;
    return true;
  }

  async getScale(type: ResourceType, ref: ObjectRef, options: CallOptions = {}): Promise<Scale | undefined> {
    const call: ApiCall = { ...read(options), path: this.#path(type, ref, 'scale') };
    const answer = await this.#transport.call(call);
    return isMissing(answer, ref) ? undefined : scaleFrom(bodyOf(call, answer), nameOf(call));
  }

  async setScale(type: ResourceType, ref: ObjectRef, replicas: number, options: WriteOptions = {}): Promise<Scale> {
    const call: ApiCall = {
      ...written(options),
      method: 'PATCH',
      path: this.#path(type, ref, 'scale'),
      repeatable: 'idempotent',
      contentType: PATCH_TYPES.merge,
      body: JSON.stringify({ spec: { replicas } }),
    };
    return scaleFrom(bodyOf(call, await this.#transport.call(call)), nameOf(call));
  }

  async raw(path: string, options: CallOptions & { accept?: string } = {}): Promise<unknown> {
    const [pathname = '/', query] = path.split('?', 2);
    const call: ApiCall = {
      ...read(options),
      path: pathname,
      query: new URLSearchParams(query),
      accept: options.accept ?? `${JSON_TYPE},*/*;q=0.8`,
    };
    const answer = await this.#transport.call(call);
    if ('error' in answer) throw answer.error;
    return answer.contentType.startsWith(JSON_TYPE) ? parseJson(answer.text, nameOf(call)) : answer.text;
  }

  async close(): Promise<void> {
    this.#transport.close();
  }

  async #wholeList<T extends KubeObject>(type: ResourceType<T>, options: ListOptions): Promise<Page<T>> {
    const items: T[] = [];
    let resourceVersion = '';
    for await (const page of this.pages(type, options)) {
      for (const item of page.items) items.push(item);
      resourceVersion = page.resourceVersion;
    }
    return { items, resourceVersion };
  }

  async #page<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions,
    continueToken: string | undefined,
  ): Promise<ListPage<T>> {
    const call: ApiCall = {
      ...read(options),
      path: pathOf(type, { namespace: options.namespace }),
      query: listQuery(options, options.limit ?? DEFAULT_PAGE_SIZE, continueToken),
      accept: options.metadataOnly === true ? PARTIAL_LIST : JSON_TYPE,
      gzip: this.#options.compressLists,
    };
    return listPageFrom(type, bodyOf(call, await this.#transport.call(call)), nameOf(call));
  }

  async #write<T extends KubeObject>(type: ResourceType<T>, call: ApiCall): Promise<T> {
    const decode = call.method === 'POST' ? createdFrom : objectFrom;
    return decode(type, bodyOf(call, await this.#transport.call(call)), nameOf(call));
  }

  #path(
    type: ResourceType,
    at: { namespace?: string | undefined; name?: string | undefined },
    subresource?: string,
  ): string {
    const namespace = type.namespaced ? (at.namespace ?? this.#options.namespace) : undefined;
    return pathOf(type, { namespace, ...(at.name === undefined ? {} : { name: at.name }) }, subresource);
  }
}

function read(
  options: CallOptions,
): Pick<ApiCall, 'method' | 'accept' | 'repeatable' | 'signal' | 'timeoutMs' | 'beforeSend'> {
  return { ...limits(options), method: 'GET', accept: JSON_TYPE, repeatable: 'read' };
}

function written(
  options: WriteOptions & { readonly force?: boolean },
): Pick<ApiCall, 'accept' | 'contentType' | 'query' | 'signal' | 'timeoutMs' | 'beforeSend'> {
  return { ...limits(options), accept: JSON_TYPE, contentType: JSON_TYPE, query: writeQuery(options) };
}

function limits(options: CallOptions): Pick<ApiCall, 'signal' | 'timeoutMs' | 'beforeSend'> {
  return { signal: options.signal, timeoutMs: options.timeoutMs, beforeSend: options.beforeSend };
}

/** Whether the answer is that this very object does not exist, as opposed to a kind the server does not serve. */
function isMissing(answer: Answer | Refusal, ref: ObjectRef): boolean {
  return 'error' in answer && answer.missingObject === ref.name;
}

function bodyOf(call: ApiCall, answer: Answer | Refusal): unknown {
  if ('error' in answer) throw answer.error;
  return parseJson(answer.text, nameOf(call));
}

function nameIn(type: ResourceType, body: Draft<KubeObject>): string {
  if (body.metadata.name !== undefined) return body.metadata.name;
  throw new TypeError(
    `cannot apply a ${type.kind} without metadata.name: server-side apply creates or updates by name`,
  );
}

function nameOf(call: ApiCall): string {
  return `${call.method} ${call.path}`;
}
