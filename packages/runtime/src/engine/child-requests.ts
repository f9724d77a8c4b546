import {
  ApiError,
  type Clock,
  type Draft,
  type KubeClient,
  type KubeObject,
  type ManagedFieldsEntry,
  type ObjectRef,
  type ResourceType,
} from '@capstan/kube';
import type { EngineNames } from './seal.ts';

export interface ChildRequestsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly names: EngineNames;
}

/** Attempts at a write that others may overtake; a status writer at work costs one or two. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 20;

/** The requests that bringing one child in order may take, counted. */
export class ChildRequests {
  readonly #options: ChildRequestsOptions;
  readonly #type: ResourceType;
  readonly #ref: ObjectRef;
  readonly #signal: AbortSignal | undefined;
  #count = 0;

  constructor(options: ChildRequestsOptions, type: ResourceType, ref: ObjectRef, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#type = type;
    this.#ref = ref;
    this.#signal = signal;
  }

  /** Requests sent so far. */
  get count(): number {
    return this.#count;
  }

  get names(): EngineNames {
    return this.#options.names;
  }

  /** Reads metadata only: enough for ownership, and no contents of a Secret. */
  readMetadata(): Promise<KubeObject | undefined> {
    this.#count += 1;
    return this.#options.client.get(this.#type, this.#ref, { metadataOnly: true, signal: this.#signal });
  }

  read(): Promise<KubeObject | undefined> {
    this.#count += 1;
    return this.#options.client.get(this.#type, this.#ref, { signal: this.#signal });
  }

  /**
   * Server-side apply. By force where the child is known to be ours: without it any editor could lock us out of our own
   * fields. Not by force where nothing was thought to be there: a conflict then shows that the name is taken.
   */
  apply(body: Draft<KubeObject>, force = true): Promise<KubeObject> {
    return this.#apply(body, this.names.fieldManager, force);
  }

  /**
   * Whether the server would take the body as a new object. Asked with the name that is taken: the server looks at the body
   * first, so the answer "already exists" says that nothing else is wrong with it. Nothing is stored.
   */
  async isGoodAsNew(body: Draft<KubeObject>): Promise<boolean> {
    this.#count += 1;
    const { uid: _uid, resourceVersion: _version, ...metadata } = body.metadata;
    const { fieldManager } = this.names;
    const options = { fieldManager, dryRun: true, signal: this.#signal };
    try {
      await this.#options.client.create(this.#type, { ...body, metadata }, options);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.reason === 'AlreadyExists';
    }
  }

  applyAs(fieldManager: string, body: Draft<KubeObject>): Promise<KubeObject> {
    return this.#apply(body, fieldManager, false);
  }

  /** Writes the ownership records of exactly this version of the object: 409 when it has changed since. */
  patchManagedFields(live: KubeObject, managedFields: readonly ManagedFieldsEntry[]): Promise<KubeObject> {
    this.#count += 1;
    const { resourceVersion } = live.metadata;
    // As a merge patch: a failed `test` of a JSON patch answers 422, which reads like an invalid object.
    const body = { metadata: { resourceVersion, managedFields } };
    const { fieldManager } = this.names;
    return this.#options.client.patch(
      this.#type,
      this.#ref,
      { kind: 'merge', body },
      { fieldManager, signal: this.#signal },
    );
  }

  /** Runs an attempt that begins with a fresh read, again after each 409, with a short jittered pause. */
  async retryingConflicts<T>(attempt: () => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS - 1; ; left -= 1) {
      try {
        return await attempt();
      } catch (error) {
        if (left === 0 || !(error instanceof ApiError) || !error.isConflict) throw error;
      }
      const { clock, random } = this.#options;
      await clock.sleep(random() * FIRST_PAUSE_MS * 2 ** (ATTEMPTS - 1 - left), this.#signal);
    }
  }

  #apply(body: Draft<KubeObject>, fieldManager: string, force: boolean): Promise<KubeObject> {
    this.#count += 1;
    return this.#options.client.apply(this.#type, body, { fieldManager, force, signal: this.#signal });
  }
}
