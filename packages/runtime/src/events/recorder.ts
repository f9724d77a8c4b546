import { hostname } from 'node:os';
import { ApiError, type Clock, Event, type KubeClient, type KubeObject, systemClock, type Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import { minutes, seconds } from '../duration.ts';
import { isTransient } from '../errors.ts';
import { NotLeading } from '../leader/fenced-client.ts';
import { currentPass } from '../observe/pass-trace.ts';
import { backoffMs } from '../queue/backoff.ts';
import { type EventDraft, faultOf, fittingNote, microTime } from './event-draft.ts';
import { TokenBuckets } from './token-buckets.ts';

export type { EventDraft } from './event-draft.ts';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Who reports, as a qualified name: `streambus`, or `capstan.io/streambus`. */
  readonly reportingController: string;
  /** Which of its processes; the host name (in a pod: the pod's) unless told. */
  readonly reportingInstance?: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Told of events that could not be written. */
  readonly log?: Logger;
  /** How many events may wait to be written; 1,000 unless told. */
  readonly bufferSize?: number;
}

/** What became of the events so far. */
export interface EventCounts {
  /** Writes that the API server took: events, and series that went on. */
  readonly written: number;
  /** Said again within a series, and told with its next write. */
  readonly aggregated: number;
  readonly dropped: {
    /** The oldest that waited, when too many did. */
    readonly overflow: number;
    /** Beyond the rate limit of their object. */
    readonly rateLimited: number;
    /** Refused by the API server, or tried too often. */
    readonly refused: number;
    /** Not an event at all, such as a reason that is no word. */
    readonly invalid: number;
  };
}

/** One saying about one object, and how often it was said. */
interface Series {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly event: Event;
  count: number;
  lastSaidAt: number;
  lastObserved: string;
  /** How much of `count` the API server knows; 0 before the event exists. */
  writtenCount: number;
  lastWrittenAt: number;
  attempts: number;
}

/** A saying that is not repeated for so long starts a new event, as in client-go. */
const SERIES_END_MS = minutes(6);
/** A series that goes on is written this often at most: soon enough for the last line of `kubectl describe` to be true. */
const SERIES_WRITE_MS = seconds(10);
const MOST_ATTEMPTS = 5;
const WRITE_TIMEOUT_MS = seconds(10);
/** For each object 25 events at once, then one in five minutes: the limits of client-go. */
const RATE = { burst: 25, refillMs: minutes(5) };

/**
 * Writes events (events.k8s.io/v1) without ever holding a pass up or failing it: `record` only puts them into a bounded
 * buffer. The same saying about the same object becomes one event with a series, written every ten seconds at most.
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #instance: string;
  readonly #series = new Map<string, Series>();
  /** What is to be written, oldest first. */
  readonly #buffer = new Set<Series>();
  readonly #limits: TokenBuckets;
  readonly #counts = { written: 0, aggregated: 0, overflow: 0, rateLimited: 0, refused: 0, invalid: 0 };
  #writing: Promise<void> | undefined;
  #inFlight: Series | undefined;
  #wakeUp: { readonly at: number; readonly timer: Timer } | undefined;
  #pausedUntil = 0;
  #lastStamp = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#instance = (options.reportingInstance ?? hostname()).slice(0, 128) || 'unknown';
    this.#limits = new TokenBuckets({ clock: this.#clock, ...RATE });
  }

  /** Tells the user something about an object. Returns at once and never throws; what cannot be an event is counted and logged. */
  record(regarding: KubeObject, draft: EventDraft): void {
    const fault = faultOf(draft);
    if (fault !== undefined) {
      this.#counts.invalid += 1;
      this.#options.log?.error({ reason: draft.reason, fault }, 'event dropped: it is not valid');
      return;
    }
    const id = seriesId(regarding, draft);
    const series = this.#living(id);
    if (series !== undefined) this.#repeat(series);
    else this.#begin(id, regarding, draft);
  }

  counts(): EventCounts {
    const { written, aggregated, ...dropped } = this.#counts;
    return { written, aggregated, dropped };
  }

  /** Writes everything that waits, series included. Resolves when that is done or `signal` aborts; what is left is dropped. */
  async flush(signal: AbortSignal): Promise<void> {
    this.#cancelWakeUp();
    await Promise.race([this.#writing, aborted(signal)]);
    if (!signal.aborted) {
      for (const series of this.#series.values()) if (series.count > series.writtenCount) this.#buffer.add(series);
      this.#writing = this.#writeAll(signal, true).finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
    while (this.#buffer.size > 0) this.#dropOldest();
    if (this.#inFlight !== undefined) this.#inFlight.attempts = MOST_ATTEMPTS;
    this.#cancelWakeUp();
  }

  #living(id: string): Series | undefined {
    const series = this.#series.get(id);
    if (series === undefined || this.#clock.monotonic() - series.lastSaidAt <= SERIES_END_MS) return series;
    this.#series.delete(id);
    return undefined;
  }

  #repeat(series: Series): void {
    // Taken out and put in again: the map then runs from the series that has been silent longest to the latest.
    this.#series.delete(series.id);
    this.#series.set(series.id, series);
    series.count += 1;
    series.lastSaidAt = this.#clock.monotonic();
    series.lastObserved = microTime(this.#clock.now());
    this.#counts.aggregated += 1;
    this.#enqueue(series);
  }

  #begin(id: string, regarding: KubeObject, draft: EventDraft): void {
    if (!this.#limits.take(objectId(regarding))) {
      this.#counts.rateLimited += 1;
      return;
    }
    const time = microTime(this.#clock.now());
    const event = this.#eventOf(regarding, draft, time);
    const series: Series = {
      id,
      namespace: event.metadata.namespace ?? 'default',
      name: event.metadata.name,
      event,
      count: 1,
      lastSaidAt: this.#clock.monotonic(),
      lastObserved: time,
      writtenCount: 0,
      lastWrittenAt: Number.NEGATIVE_INFINITY,
      attempts: 0,
    };
    this.#series.set(id, series);
    this.#enqueue(series);
    this.#forgetEnded();
  }

  #eventOf(regarding: KubeObject, draft: EventDraft, time: string): Event {
    const { name, namespace, uid, resourceVersion } = regarding.metadata;
    // Events of cluster-scoped objects live in `default`: the API server takes them nowhere else.
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: namespace ?? 'default', name: `${name.slice(0, 230)}.${this.#stamp()}` },
      eventTime: time,
      type: draft.type,
      reason: draft.reason,
      action: draft.action,
      note: fittingNote(draft.note),
      reportingController: this.#options.reportingController,
      reportingInstance: this.#instance,
      regarding: {
        apiVersion: regarding.apiVersion,
        kind: regarding.kind,
        name,
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    };
  }

  /** Differs from every other of this process; the random part keeps two processes of one second apart. */
  #stamp(): string {
    const micros = this.#clock.now() * 1_000 + Math.floor(this.#random() * 1_000);
    this.#lastStamp = Math.max(micros, this.#lastStamp + 1);
    return this.#lastStamp.toString(16);
  }

  #enqueue(series: Series): void {
    this.#buffer.add(series);
    if (this.#buffer.size > (this.#options.bufferSize ?? 1_000)) this.#dropOldest();
    this.#write();
  }

  #dropOldest(): void {
    const [oldest] = this.#buffer;
    if (oldest === undefined) return;
    this.#drop(oldest);
    this.#counts.overflow += 1;
  }

  #drop(series: Series): void {
    this.#buffer.delete(series);
    if (this.#series.get(series.id) === series) this.#series.delete(series.id);
  }

  /**
   * Starts writing unless that is under way: one writer at a time, or a series could be written twice. Begun in a pass and
   * outliving it, for the events of many: what it asks for is not to be counted as that pass's.
   */
  #write(): void {
    this.#writing ??= currentPass.exit(() =>
      this.#writeAll(undefined, false).finally(() => {
        this.#writing = undefined;
        this.#sleep();
      }),
    );
  }

  async #writeAll(signal: AbortSignal | undefined, isFlush: boolean): Promise<void> {
    for (let series = this.#due(isFlush); series !== undefined && !signal?.aborted; series = this.#due(isFlush)) {
      this.#buffer.delete(series);
      this.#inFlight = series;
      await this.#writeOne(series, signal);
      this.#inFlight = undefined;
    }
  }

  /** The oldest that may be written now. A flush waits for nothing. */
  #due(isFlush: boolean): Series | undefined {
    const now = this.#clock.monotonic();
    if (!isFlush && now < this.#pausedUntil) return undefined;
    for (const series of this.#buffer) if (isFlush || now >= dueAt(series)) return series;
    return undefined;
  }

  async #writeOne(series: Series, signal: AbortSignal | undefined): Promise<void> {
    const { count } = series;
    try {
      await this.#send(series, signal);
    } catch (error) {
      if (!isOurOwn(series, error)) {
        this.#afterRefusal(series, error);
        return;
      }
    }
    this.#counts.written += 1;
    series.writtenCount = count;
    series.lastWrittenAt = this.#clock.monotonic();
    series.attempts = 0;
    if (series.count > count) this.#buffer.add(series);
  }

  async #send(
    { namespace, name, event, count, lastObserved, writtenCount }: Series,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const options = { signal, timeoutMs: WRITE_TIMEOUT_MS };
    const series = { count, lastObservedTime: lastObserved };
    if (writtenCount > 0) {
      await this.#options.client.patch(Event, { namespace, name }, { kind: 'merge', body: { series } }, options);
      return;
    }
    await this.#options.client.create(Event, count > 1 ? { ...event, series } : event, options);
  }

  #afterRefusal(series: Series, error: unknown): void {
    if (error instanceof NotLeading) {
      this.#drop(series);
      return;
    }
    series.attempts += 1;
    // The event of a series may have expired (an hour by default): it is made anew.
    const isExpired = error instanceof ApiError && error.isNotFound && series.writtenCount > 0;
    if (isExpired) series.writtenCount = 0;
    if ((isExpired || mayTryAgain(error)) && series.attempts < MOST_ATTEMPTS) {
      const waitMs = backoffMs(series.attempts, this.#random);
      if (!isExpired) this.#pausedUntil = this.#clock.monotonic() + waitMs;
      this.#buffer.add(series);
      return;
    }
    this.#drop(series);
    this.#counts.refused += 1;
    this.#options.log?.warn(
      { err: error, namespace: series.namespace, name: series.name, reason: series.event.reason },
      'event dropped',
    );
  }

  /** Sets the alarm for the next write that has to wait. */
  #sleep(): void {
    if (this.#buffer.size === 0) {
      this.#cancelWakeUp();
      return;
    }
    let at = Number.POSITIVE_INFINITY;
    for (const series of this.#buffer) at = Math.min(at, dueAt(series));
    at = Math.max(at, this.#pausedUntil);
    if (at === this.#wakeUp?.at) return;
    this.#cancelWakeUp();
    const wake = () => {
      this.#wakeUp = undefined;
      this.#write();
    };
    this.#wakeUp = { at, timer: this.#clock.setTimeout(wake, Math.max(0, Math.ceil(at - this.#clock.monotonic()))) };
  }

  #cancelWakeUp(): void {
    this.#wakeUp?.timer.cancel();
    this.#wakeUp = undefined;
  }

  /** Those that have ended and are written need no memory. */
  #forgetEnded(): void {
    const now = this.#clock.monotonic();
    for (const [id, series] of this.#series) {
      if (now - series.lastSaidAt <= SERIES_END_MS) return;
      if (!this.#buffer.has(series)) this.#series.delete(id);
    }
  }
}

/** A new event at once, a series that goes on a minute after its last write. */
function dueAt({ writtenCount, lastWrittenAt }: Series): number {
  return writtenCount === 0 ? Number.NEGATIVE_INFINITY : lastWrittenAt + SERIES_WRITE_MS;
}

/** A try whose answer was lost had reached the server after all: the name is taken by this very event. */
function isOurOwn({ attempts, writtenCount }: Series, error: unknown): boolean {
  return attempts > 0 && writtenCount === 0 && error instanceof ApiError && error.reason === 'AlreadyExists';
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A name taken (409) will not become free, so only refusals without an answer, overload and faults are worth another try. */
function mayTryAgain(error: unknown): boolean {
  return isTransient(error) && !(error instanceof ApiError && error.isConflict);
}

function objectId({ apiVersion, kind, metadata }: KubeObject): string {
  return metadata.uid ?? JSON.stringify([apiVersion, kind, metadata.namespace, metadata.name]);
}

function seriesId(regarding: KubeObject, { type, reason, action, note }: EventDraft): string {
  return JSON.stringify([objectId(regarding), type, reason, action, note]);
}
