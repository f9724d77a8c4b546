import { isDeepStrictEqual } from 'node:util';
import { ApiError, type Clock, type KubeClient } from '@capstan/kube';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { refOf } from '../cache/object-key.ts';
import { type Millis, seconds } from '../duration.ts';
import { statusPatch } from '../status-patch.ts';
import type { PrimaryKind, Report, Resource } from './reconciler.ts';

/** What became of a status: `Deferred` means that only unhurried fields differ and it was written a moment ago. */
export type StatusWrite =
  | { readonly kind: 'Unchanged' }
  | { readonly kind: 'Written' }
  | { readonly kind: 'Deferred'; readonly forMs: number };

/** How long a change of nothing but counters and wording may wait, so that a roll-out is not one write per pod. */
const unhurriedWait: Millis = seconds(5);

/** Writes the status of resources of one kind: only when it differs, and only the difference. */
export class StatusWriter<T extends Resource> {
  readonly #kind: PrimaryKind<T>;
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #fieldManager: string;
  readonly #lastWrite = new Map<ObjectKey, number>();

  constructor(
    kind: PrimaryKind<T>,
    options: { readonly client: KubeClient; readonly clock: Clock; readonly fieldManager: string },
  ) {
    this.#kind = kind;
    this.#client = options.client;
    this.#clock = options.clock;
    this.#fieldManager = options.fieldManager;
  }

  /**
   * Patches the difference between the status last read and the one reported.
   * @throws {ApiError} `Conflict` when the resource changed since it was read: the next pass sees the newer one.
   */
  async write(
    key: ObjectKey,
    resource: T,
    report: Report<T>,
    informer: Informer<T>,
    signal: AbortSignal,
  ): Promise<StatusWrite> {
    const patch = statusPatch(resource.status, report.status);
    if (patch === undefined) return { kind: 'Unchanged' };
    const since = this.#clock.monotonic() - (this.#lastWrite.get(key) ?? Number.NEGATIVE_INFINITY);
    if (since < unhurriedWait && isUnhurried(resource.status, report))
      return { kind: 'Deferred', forMs: unhurriedWait - since };
    const body = { metadata: { resourceVersion: resource.metadata.resourceVersion }, status: patch };
    const send = () =>
      this.#client
        .patch(
          this.#kind,
          refOf(key),
          { kind: 'merge', body },
          { subresource: 'status', fieldManager: this.#fieldManager, signal },
        )
        .catch(gone);
    await informer.write(key, send, (answer) => answer);
    this.#lastWrite.set(key, this.#clock.monotonic());
    return { kind: 'Written' };
  }

  forget(key: ObjectKey): void {
    this.#lastWrite.delete(key);
  }
}

/** The resource was deleted meanwhile: there is nobody to tell. */
function gone(error: unknown): undefined {
  if (error instanceof ApiError && error.isNotFound) return undefined;
  throw error;
}

function isUnhurried<T extends Resource>(current: unknown, { status, unhurried = [] }: Report<T>): boolean {
  return isDeepStrictEqual(hurried(current, unhurried), hurried(status, unhurried));
}

/** The status without what may wait: the named fields, and the wording and times of conditions. */
function hurried(status: unknown, unhurried: readonly string[]): unknown {
  if (typeof status !== 'object' || status === null) return status;
  const rest = Object.entries(status).filter(([field]) => !unhurried.includes(field));
  return Object.fromEntries(
    rest.map(([field, value]) => [field, field === 'conditions' ? withoutWording(value) : value]),
  );
}

function withoutWording(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  return conditions.map((condition) => {
    const { message: _message, lastTransitionTime: _time, ...rest } = condition;
    return rest;
  });
}
