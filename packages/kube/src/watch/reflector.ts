import { TransportError } from '../api-error.ts';
import type { KubeClient, WatchEvent, WatchOptions } from '../client.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { KubeObject, ObjectRef } from '../object.ts';
import { kindNameOf, type ResourceType } from '../resource-type.ts';
import { QuietLimit } from './quiet-limit.ts';
import {
  type Failure,
  failureFrom,
  initialState,
  type MachineInput,
  type MachineState,
  type Phase,
  type RelistReason,
  SHORT_WATCH_MS,
  step,
} from './reflector-machine.ts';

/** Where a reflector puts what it sees. All methods are called in order and must not wait. */
export interface ReflectorSink<T extends KubeObject> {
  /** A fresh snapshot begins, also where one before it broke off; what is not applied before `synced` is gone. */
  restarted(reason: RelistReason): void;
  /** An object that was there already, is new, or has changed. */
  applied(object: T): void;
  deleted(object: T): void;
  /** The snapshot is complete up to this resourceVersion. */
  synced(resourceVersion: string): void;
  /**
   * The object the sink holds under this name. Where its UID is another than that of an arriving object, the one held
   * was deleted and made anew out of sight: the reflector reports `deleted` before `applied`.
   */
  held(ref: ObjectRef): T | undefined;
}

/** Something that went wrong and was survived. */
export type ReflectorProblem =
  | { readonly kind: 'request'; readonly resource: string; readonly error: unknown; readonly retryInMs: number }
  | { readonly kind: 'sink'; readonly resource: string; readonly error: unknown; readonly ref: ObjectRef | undefined };

export interface ReflectorOptions<T extends KubeObject> {
  readonly sink: ReflectorSink<T>;
  /** `undefined`: every namespace. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Watch names, labels and the like only. */
  readonly metadataOnly?: boolean;
  readonly clock?: Clock;
  /** A number in [0, 1), for jitter; `Math.random` unless told. */
  readonly random?: () => number;
  readonly onProblem?: (problem: ReflectorProblem) => void;
}

export interface ReflectorHealth {
  /** `idle` before `run`, `stopped` after it; `waiting` between a failure and the next attempt. */
  readonly state: 'idle' | 'snapshot' | 'watching' | 'waiting' | 'stopped';
  /** Whether a snapshot has ever been complete. */
  readonly synced: boolean;
  /** Milliseconds since an object last came; `undefined` when none ever did. */
  readonly lastEventAgeMs: number | undefined;
  /** Milliseconds since a bookmark last came. A healthy watch of a healthy server stays near or below 60,000. */
  readonly lastBookmarkAgeMs: number | undefined;
  /**
   * Milliseconds since the server was last known to serve this kind: an event, a bookmark, a page, or a watch that ended in
   * its time. Below 300,000 also where a server sends no bookmarks; `undefined` when it never was.
   */
  readonly lastContactAgeMs: number | undefined;
  readonly relists: Readonly<Record<RelistReason, number>>;
  /** Watches begun anew from where the last one ended. */
  readonly reconnects: number;
  /** Errors thrown by the sink. */
  readonly sinkErrors: number;
  readonly resourceVersion: string | undefined;
}

/** Servers send a bookmark about every minute; silence for half as long again means that nothing comes through. */
const IDLE_LIMIT_MS = 90_000;
/** A server that ignores `sendInitialEvents` never says that its snapshot is complete. */
const SNAPSHOT_QUIET_LIMIT_MS = 10_000;
/** Longer than the 30 s within which the transport wants the head of an answer. */
const FIRST_EVENT_LIMIT_MS = 45_000;
/** Below the 5 minutes after which many load balancers cut connections; spread so that watches do not end together. */
const WATCH_SECONDS = { shortest: 232, longest: 290 };
/** A page is parsed in one go: about a megabyte at a time keeps the event loop free. */
const PAGE_SIZE = { full: 100, metadataOnly: 250 };

/**
 * Keeps a sink up to date with one kind of object, forever: takes a snapshot, follows it with a watch, and starts over
 * where the server requires it. Stops only when its signal aborts, and no failure of server, network or sink ends it.
 *
 * @example
 * ```ts
 * const reflector = new Reflector(client, ConfigMap, { sink, namespace: 'default' });
 * await reflector.run(signal);
 * ```
 */
export class Reflector<T extends KubeObject> {
  readonly #client: KubeClient;
  readonly #type: ResourceType<T>;
  readonly #options: ReflectorOptions<T>;
  readonly #clock: Clock;
  readonly #random: () => number;
  #state: MachineState = initialState();
  #life: 'idle' | 'running' | 'stopped' = 'idle';
  #lastEventAt: number | undefined;
  #lastBookmarkAt: number | undefined;
  #lastContactAt: number | undefined;
  #sinkErrors = 0;

  constructor(client: KubeClient, type: ResourceType<T>, options: ReflectorOptions<T>) {
    this.#client = client;
    this.#type = type;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
  }

  /** Runs until `signal` aborts, then resolves; never rejects. To be called once. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#life !== 'idle') throw new Error(`the reflector for ${kindNameOf(this.#type)} has been run already`);
    this.#life = 'running';
    while (!signal.aborted) await this.#next(this.#state.phase, signal);
    this.#life = 'stopped';
  }

  health(): ReflectorHealth {
    const { phase, synced, relists, reconnects, resourceVersion } = this.#state;
    return {
      state: this.#life === 'running' ? phase.kind : this.#life,
      synced,
      lastEventAgeMs: this.#ageOf(this.#lastEventAt),
      lastBookmarkAgeMs: this.#ageOf(this.#lastBookmarkAt),
      lastContactAgeMs: this.#ageOf(this.#lastContactAt),
      relists,
      reconnects,
      sinkErrors: this.#sinkErrors,
      resourceVersion,
    };
  }

  #next(phase: Phase, signal: AbortSignal): Promise<void> {
    switch (phase.kind) {
      case 'waiting':
        return this.#wait(phase.ms, signal);
      case 'watching':
        return this.#watch({ resourceVersion: phase.resourceVersion }, IDLE_LIMIT_MS, signal);
      case 'snapshot':
        return phase.by === 'watch'
          ? this.#watch({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }, FIRST_EVENT_LIMIT_MS, signal)
          : this.#listPages(phase.paged, signal);
    }
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch {
      // Only the signal ends a sleep, and `run` looks at it next.
    }
    this.#step({ kind: 'waited' });
  }

  async #watch(from: WatchOptions, quietLimitMs: number, signal: AbortSignal): Promise<void> {
    const startedAt = this.#clock.monotonic();
    const quiet = new QuietLimit(this.#clock, quietLimitMs, signal);
    const options = { ...this.#selection(), ...from, timeoutSeconds: this.#watchSeconds(), signal: quiet.signal };
    try {
      for await (const event of this.#client.watch(this.#type, options)) {
        if (signal.aborted) return;
        this.#take(event);
        quiet.heard(this.#state.phase.kind === 'snapshot' ? SNAPSHOT_QUIET_LIMIT_MS : IDLE_LIMIT_MS);
      }
      this.#ended(this.#clock.monotonic() - startedAt);
    } catch (error) {
      if (!signal.aborted) this.#fail(error, quiet.exceeded);
    } finally {
      quiet.end();
    }
  }

  #ended(afterMs: number): void {
    if (afterMs >= SHORT_WATCH_MS) this.#lastContactAt = this.#clock.monotonic();
    this.#step({ kind: 'ended', afterMs });
  }

  async #listPages(paged: boolean, signal: AbortSignal): Promise<void> {
    const pageSize = this.#options.metadataOnly === true ? PAGE_SIZE.metadataOnly : PAGE_SIZE.full;
    const options = { ...this.#selection(), limit: paged ? pageSize : 0, signal };
    let resourceVersion = '';
    try {
      for await (const page of this.#client.pages(this.#type, options)) {
        if (signal.aborted) return;
        this.#lastContactAt = this.#clock.monotonic();
        this.#begin();
        for (const object of page.items) this.#apply(object);
        resourceVersion = page.resourceVersion;
      }
      this.#complete({ kind: 'listed', resourceVersion });
    } catch (error) {
      if (!signal.aborted) this.#fail(error, false);
    }
  }

  #take(event: WatchEvent<T>): void {
    this.#lastContactAt = this.#clock.monotonic();
    this.#begin();
    if (event.type === 'BOOKMARK') {
      this.#lastBookmarkAt = this.#clock.monotonic();
      this.#complete({ ...event, kind: 'bookmark' });
      return;
    }
    if (event.type === 'DELETED') this.#delete(event.object);
    else this.#apply(event.object);
    this.#step({ kind: 'event', resourceVersion: event.object.metadata.resourceVersion });
  }

  /** Voids the snapshot before this one, as soon as this one brings something. */
  #begin(): void {
    const { phase } = this.#state;
    if (phase.kind !== 'snapshot' || phase.begun) return;
    this.#step({ kind: 'began' });
    this.#tellSink(undefined, (sink) => sink.restarted(phase.reason));
  }

  #complete(input: MachineInput & { readonly resourceVersion: string }): void {
    const wasSnapshot = this.#state.phase.kind === 'snapshot';
    this.#step(input);
    if (wasSnapshot && this.#state.phase.kind === 'watching') {
      this.#tellSink(undefined, (sink) => sink.synced(input.resourceVersion));
    }
  }

  #apply(object: T): void {
    this.#lastEventAt = this.#clock.monotonic();
    this.#tellSink(object.metadata, (sink) => {
      const held = sink.held(object.metadata);
      if (held !== undefined && held.metadata.uid !== object.metadata.uid) sink.deleted(held);
    });
    this.#tellSink(object.metadata, (sink) => sink.applied(object));
  }

  #delete(object: T): void {
    this.#lastEventAt = this.#clock.monotonic();
    this.#tellSink(object.metadata, (sink) => sink.deleted(object));
  }

  #tellSink(ref: ObjectRef | undefined, tell: (sink: ReflectorSink<T>) => void): void {
    try {
      tell(this.#options.sink);
    } catch (error) {
      this.#sinkErrors += 1;
      this.#report({ kind: 'sink', resource: kindNameOf(this.#type), error, ref });
    }
  }

  #fail(error: unknown, tooQuiet: boolean): void {
    const { phase } = this.#state;
    const streamed = phase.kind === 'snapshot' && phase.by === 'watch';
    const failure = tooQuiet ? quietFailure(phase) : failureFrom(error, streamed);
    this.#step({ kind: 'failed', failure });
    const after = this.#state.phase;
    const cause = tooQuiet ? silence(kindNameOf(this.#type)) : error;
    const retryInMs = after.kind === 'waiting' ? after.ms : 0;
    this.#report({ kind: 'request', resource: kindNameOf(this.#type), error: cause, retryInMs });
  }

  #report(problem: ReflectorProblem): void {
    try {
      this.#options.onProblem?.(problem);
    } catch {
      // A failing report of a failure has nowhere to go, and must not stop the watch.
    }
  }

  #step(input: MachineInput): void {
    this.#state = step(this.#state, input, this.#random);
  }

  #selection(): Pick<WatchOptions, 'namespace' | 'labelSelector' | 'fieldSelector' | 'metadataOnly'> {
    const { namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    return { namespace, labelSelector, fieldSelector, metadataOnly: metadataOnly === true };
  }

  #watchSeconds(): number {
    const { shortest, longest } = WATCH_SECONDS;
    return Math.round(shortest + (longest - shortest) * this.#random());
  }

  #ageOf(at: number | undefined): number | undefined {
    return at === undefined ? undefined : this.#clock.monotonic() - at;
  }
}

function quietFailure(phase: Phase): Failure {
  return { kind: phase.kind === 'snapshot' ? 'stalled' : 'idle' };
}

function silence(resource: string): TransportError {
  return new TransportError(`the watch of ${resource} brought nothing for too long`, { maySent: true });
}
