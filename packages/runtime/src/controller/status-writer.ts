import { isDeepStrictEqual } from 'node:util';
import { ApiError, type Clock, type KubeClient, type KubeObject } from '@capstan/kube';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { refOf } from '../cache/object-key.ts';
import { type Millis, seconds } from '../duration.ts';
import { statusPatch } from '../status-patch.ts';
import type { PrimaryKind, Report, Resource } from './reconciler.ts';

/** What became of a status. `Deferred`: only unhurried fields differ, and it was written a moment ago. */
export type StatusWrite<T extends KubeObject = KubeObject> =
  | { readonly kind: 'Unchanged' }
  /** `answer` is absent when the resource is gone. */
  | { readonly kind: 'Written'; readonly answer: T | undefined }
  | { readonly kind: 'Deferred'; readonly forMs: number };

/** How long new wording of conditions may wait: a roll-out would otherwise be one write per pod. */
const wordingWait: Millis = seconds(5);

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
  ): Promise<StatusWrite<T>> {
    const patch = statusPatch(resource.status, report.status);
    if (patch === undefined) return { kind: 'Unchanged' };
    const since = this.#clock.monotonic() - (this.#lastWrite.get(key) ?? Number.NEGATIVE_INFINITY);
    const patience = patienceOf(resource.status ?? {}, report);
    if (since < patience) return { kind: 'Deferred', forMs: patience - since };
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
    const answer = await informer.write(key, send, (object) => object);
    this.#lastWrite.set(key, this.#clock.monotonic());
    return { kind: 'Written', answer };
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

/** How long after the last write this status may wait, in ms: as long as the most urgent of its changes. */
export function patienceOf<T extends Resource>(current: object, { status, unhurried }: Report<T>): number {
  const before = new Map<string, unknown>(Object.entries(current));
  const after = new Map<string, unknown>(Object.entries(status));
  const waits = new Map<string, Millis | undefined>(Object.entries(unhurried ?? {}));
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) => !isDeepStrictEqual(before.get(field), after.get(field)),
  );
  return Math.min(
    ...changed.map((field) => {
      if (field !== 'conditions') return waits.get(field) ?? 0;
      return isDeepStrictEqual(verdicts(before.get(field)), verdicts(after.get(field))) ? wordingWait : 0;
    }),
  );
}

/** What conditions say besides their wording and times. */
function verdicts(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  return conditions.map((condition) => {
    const { message: _message, lastTransitionTime: _time, ...rest } = condition;
    return rest;
  });
}
