import { ApiError, type Clock, type KubeClient, Namespace, type ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { type Millis, minutes, seconds } from '../duration.ts';
import { isTerminal } from '../errors.ts';
import { addFinalizer, removeFinalizers } from '../finalizer.ts';
import { isReason } from '../reason.ts';
import { redactText } from '../redact.ts';
import { annotationsOf, isSet } from './controller-annotations.ts';
import type { Waiting } from './plan.ts';
import type { Finalize, PrimaryKind, Resource } from './reconciler.ts';
import type { RunningPass } from './running-pass.ts';

const defaultDeadline: Millis = minutes(5);
const defaultRecheck: Millis = seconds(10);

export interface FinalizationOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly fieldManager: string;
}

/** One resource that is being deleted, in one pass. */
export interface Leaving<T extends Resource> {
  readonly key: ObjectKey;
  readonly resource: T;
  readonly informer: Informer<T>;
  readonly pass: RunningPass<T>;
  readonly log: Logger;
}

/** When to look again at a resource that could not go yet; absent when it may go. */
export interface Departure {
  readonly recheckAfterMs?: number;
}

/** Puts the controller's finalizer on its resources, and takes it off when what it stands for is done. */
export class Finalization<T extends Resource> {
  readonly #kind: PrimaryKind<T>;
  readonly #finalize: Finalize<T>;
  readonly #options: FinalizationOptions;

  constructor(kind: PrimaryKind<T>, finalize: Finalize<T>, options: FinalizationOptions) {
    this.#kind = kind;
    this.#finalize = finalize;
    this.#options = options;
  }

  /**
   * Makes sure that the resource cannot go without cleaning up; to be called before anything is done for it.
   * @returns the resource with the finalizer, or `undefined` when it is gone
   * @throws {ApiError} `Conflict` when it has changed since it was read, for example because it is being deleted
   */
  async secure(key: ObjectKey, resource: T, informer: Informer<T>, signal: AbortSignal): Promise<T | undefined> {
    const { finalizer } = this.#finalize;
    if (resource.metadata.finalizers?.includes(finalizer) || this.#finalize.isWanted?.(resource) === false)
      return resource;
    const { client, fieldManager } = this.#options;
    const send = () => addFinalizer<T>(client, this.#kind, resource, finalizer, { fieldManager, signal });
    const answer = await informer.write(key, send, (object) => object).catch(unlessGone);
    return answer && (informer.store.get(key) ?? answer);
  }

  /** Cleans up as far as it goes, and lets the resource go when it is done. */
  async depart(leaving: Leaving<T>, signal: AbortSignal): Promise<Departure> {
    const { resource, pass, log } = leaving;
    if (!this.#names.some((finalizer) => resource.metadata.finalizers?.includes(finalizer))) return {};
    const { skipFinalizer } = annotationsOf(this.#kind);
    if (isSet(resource, skipFinalizer)) {
      log.warn({ annotation: skipFinalizer }, 'let go without cleaning up, as its annotation says');
      pass.record({ ...finalizeEvent, type: 'Warning', reason: 'FinalizerSkipped', note: skippedNote(skipFinalizer) });
      return this.#release(leaving, signal);
    }
    const waiting = await this.#cleanUp(leaving, signal);
    return waiting === undefined ? this.#release(leaving, signal) : this.#remain(leaving, waiting, signal);
  }

  async #cleanUp({ resource, pass }: Leaving<T>, signal: AbortSignal): Promise<Remaining | undefined> {
    try {
      const done = await this.#finalize.run(resource, pass);
      return done === 'Done' ? undefined : { ...done, error: undefined };
    } catch (error) {
      if (signal.aborted || !this.#isLate(resource)) throw error;
      return { waitingFor: reasonOf(error), error };
    }
  }

  /** Not done yet. After the deadline somebody is told, or the resource is let go with the namespace around it. */
  async #remain(
    leaving: Leaving<T>,
    { waitingFor, recheckAfterMs, error }: Remaining,
    signal: AbortSignal,
  ): Promise<Departure> {
    const { resource, pass, log } = leaving;
    const untilLate = this.#deadline(resource) - this.#options.clock.now();
    const recheck = recheckAfterMs ?? defaultRecheck;
    if (untilLate > 0) return { recheckAfterMs: Math.min(recheck, untilLate) };
    if (await this.#namespaceGoes(resource, signal)) {
      log.warn(
        { waitingFor },
        'let go without cleaning up: its namespace is being deleted and the deadline has passed',
      );
      return this.#release(leaving, signal);
    }
    await pass.block(this.#blocked(resource, waitingFor));
    if (error !== undefined) throw error;
    return { recheckAfterMs: recheck };
  }

  async #release({ key, resource, informer }: Leaving<T>, signal: AbortSignal): Promise<Departure> {
    const { client, fieldManager } = this.#options;
    const held = informer.store.get(key) ?? resource;
    // The resource went by another hand, and its name was taken again: the new one keeps its finalizer.
    const latest = held.metadata.uid === resource.metadata.uid ? held : resource;
    const send = () => removeFinalizers<T>(client, this.#kind, latest, this.#names, { fieldManager, signal });
    await informer.write(key, send, (object) => object);
    return {};
  }

  /** By which it is held: by the finalizer, or by those that stood for the same. */
  get #names(): readonly string[] {
    const { finalizer, formerNames = [] } = this.#finalize;
    return [finalizer, ...formerNames];
  }

  #deadline({ metadata: { deletionTimestamp = '' } }: T): number {
    return Date.parse(deletionTimestamp) + (this.#finalize.deadlineMs ?? defaultDeadline);
  }

  #isLate(resource: T): boolean {
    return this.#deadline(resource) <= this.#options.clock.now();
  }

  async #namespaceGoes({ metadata: { namespace } }: T, signal: AbortSignal): Promise<boolean> {
    if (namespace === undefined) return false;
    const options = { metadataOnly: true, signal };
    const live = await this.#options.client.get(Namespace, { name: namespace }, options);
    return live === undefined || live.metadata.deletionTimestamp !== undefined;
  }

  #blocked(resource: T, { reason, message }: Waiting): Waiting {
    return {
      reason,
      message: `${message}. To let it go without cleaning up: ${overrideCommand(this.#kind, resource)}`,
    };
  }
}

interface Remaining {
  readonly waitingFor: Waiting;
  readonly recheckAfterMs?: number;
  /** Thrown by the author's code; thrown on, so that it is retried with back-off. */
  readonly error: unknown;
}

const finalizeEvent = { action: 'Finalize' } as const;

function skippedNote(annotation: string): string {
  return `let go without cleaning up, as the annotation ${annotation} says; look for what it left behind`;
}

function overrideCommand(kind: ResourceType, { metadata: { namespace, name } }: Resource): string {
  const { plural, group } = kind;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return `kubectl annotate ${plural}.${group} ${name}${where} ${annotationsOf(kind).skipFinalizer}=true`;
}

function reasonOf(error: unknown): Waiting {
  const message = redactText(error instanceof Error ? error.message : String(error));
  if (isTerminal(error)) return { reason: error.reason, message };
  if (error instanceof ApiError && isReason(error.reason)) return { reason: error.reason, message };
  return { reason: 'FinalizerFailed', message };
}

function unlessGone(error: unknown): undefined {
  if (error instanceof ApiError && error.isNotFound) return undefined;
  throw error;
}
