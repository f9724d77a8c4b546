import type { KubeObject, ObjectMeta, ObjectRef } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/** Every call ends: by its answer, by `signal`, or after `timeoutMs` (30,000 unless told; a watch has none of its own). */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Called right before the request leaves, and before each repetition of it; what it throws ends the call unsent. */
  readonly beforeSend?: (() => void) | undefined;
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects per page; 500 unless told, 0 for all in one. */
  readonly limit?: number;
  /** Answer with metadata only (PartialObjectMetadata), for every kind; objects keep the `apiVersion` and `kind` they have. */
  readonly metadataOnly?: boolean;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact';
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly remainingItemCount?: number;
}

export interface WatchOptions extends CallOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly metadataOnly?: boolean;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact';
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

/** One line of a watch. An `ERROR` line is thrown as an ApiError instead. */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd: boolean };

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string;
  /** Sends `dryRun=All`: admitted, defaulted and validated, never stored. */
  readonly dryRun?: boolean;
  /** What the server does with unknown fields; `Strict` unless told. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** `token` (of a service account) and `eviction` (of a pod) are only ever created. */
  readonly subresource?: 'status' | 'scale' | 'token' | 'eviction';
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take fields that other managers own; false unless told. */
  readonly force?: boolean;
}

export type PatchBody =
  | { readonly kind: 'merge'; readonly body: object }
  | { readonly kind: 'json'; readonly operations: readonly object[] }
  | { readonly kind: 'strategic'; readonly body: object };

export interface DeleteOptions extends CallOptions {
  readonly preconditions?: { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined };
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

/** A body to be sent: what the server fills in may be left out. */
export type Draft<T extends KubeObject> = Omit<T, 'metadata'> & { readonly metadata: Partial<ObjectMeta> };

/** Scale of a scalable object (`autoscaling/v1` Scale), reduced to what is asked and what is there. */
export interface Scale {
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly resourceVersion: string;
}

/**
 * Every verb of the Kubernetes API that an operator needs, for any kind.
 *
 * Bodies pass through untouched: a field this library has never heard of is sent and returned as it is.
 * All methods throw {@link ApiError} when the server refuses, and {@link TransportError} when no answer came.
 */
export interface KubeClient {
  /**
   * Reads one object; `undefined` when it does not exist (404 is an answer here, not an error). A kind that the server
   * does not serve is an ApiError with status 404.
   */
  get<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    options?: CallOptions & { metadataOnly?: boolean },
  ): Promise<T | undefined>;
  /** Reads a whole collection, page by page, into one array; starts over when its snapshot expires between pages (410). */
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<Page<T>>;
  /** Yields a collection page by page, so that no more than one page is held at once. 410 between pages is thrown. */
  pages<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): AsyncGenerator<Page<T>>;
  /** One watch request, from its answer to its end. The state machine that never stops is {@link Reflector}. */
  watch<T extends KubeObject>(type: ResourceType<T>, options?: WatchOptions): AsyncGenerator<WatchEvent<T>>;
  create<T extends KubeObject>(type: ResourceType<T>, object: Draft<T>, options?: WriteOptions): Promise<T>;
  /** Replaces the whole object (PUT). */
  replace<T extends KubeObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply. The body names the object; `options.subresource: 'status'` applies its status. */
  apply<T extends KubeObject>(type: ResourceType<T>, body: Draft<T>, options: ApplyOptions): Promise<T>;
  patch<T extends KubeObject>(
    type: ResourceType<T>,
    ref: ObjectRef,
    patch: PatchBody,
    options?: WriteOptions,
  ): Promise<T>;
  /** Deletes one object; false when it was already gone. A failed precondition is an ApiError with reason `Conflict`. */
  delete(type: ResourceType, ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  getScale(type: ResourceType, ref: ObjectRef, options?: CallOptions): Promise<Scale | undefined>;
  setScale(type: ResourceType, ref: ObjectRef, replicas: number, options?: WriteOptions): Promise<Scale>;
  /** GETs any path and parses the JSON answer (discovery, /version, /openapi/v3 ...); another media type comes as text. */
  raw(path: string, options?: CallOptions & { accept?: string }): Promise<unknown>;
  /** Closes every session. Calls under way end with a TransportError. */
  close(): Promise<void>;
}
