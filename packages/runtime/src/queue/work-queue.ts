import type { Clock, Timer } from '@capstan/kube';
import { type BackoffOptions, backoffMs, defaultBackoff } from './backoff.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';
import { type CountedTrigger, priorities, type Trigger, TriggerLog } from './trigger.ts';

export type { CountedTrigger, Priority, Trigger } from './trigger.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
  /** 0.5 s doubling up to 30 s unless told. */
  readonly backoff?: BackoffOptions;
  /** How much longer than a key one priority above it a key waits at most, in ms; 10,000 unless told. */
  readonly ageingMs?: number;
  /** How often keys are handed out; as often as they are asked for unless told. */
  readonly rate?: Rate;
}

/** One pass to be made. Give it back with {@link WorkQueue.done}. */
export interface Work<Key extends string> {
  readonly key: Key;
  /** Every reason since the last pass of this key began, but for what was wanted only later. */
  readonly triggers: readonly CountedTrigger[];
  /** How often this key has failed in a row. */
  readonly failures: number;
  /** How long the key was ready before it was taken, in ms. */
  readonly waitedMs: number;
}

/**
 * How a pass ended: done; to be tried again after a backoff (or no sooner than `afterMs`, where somebody named a time); or
 * fine and wanted again later.
 */
export type PassOutcome =
  | 'ok'
  | { readonly retry: true; readonly afterMs?: number }
  | { readonly requeueAfterMs: number };

export interface QueueDepth {
  /** Could be taken now. */
  readonly ready: number;
  /** Wait for their time. */
  readonly delayed: number;
  /** Taken and not yet given back. */
  readonly running: number;
  /** How long the first in line has been ready, in ms; 0 when nothing is. */
  readonly oldestReadyMs: number;
  /** Passes asked for since the start; asking again for one that is still to come does not count. */
  readonly added: number;
  /** How long the passes under way have been running, in ms: all together, and the longest. */
  readonly unfinishedMs: number;
  readonly longestMs: number;
}

interface Entry<Key> {
  readonly key: Key;
  triggers: TriggerLog;
  /** The most urgent of its triggers. */
  rank: number;
  /** When it may be taken. While it runs: when it may be taken again, Infinity when nothing asked for that. */
  readyAt: number;
  /** Failures in a row. Only a pass that succeeds sets it back. */
  failures: number;
  /** Until then only a user's edit may start a pass. */
  heldUntil: number;
  /** The smallest number is taken first; see `scoreOf`. */
  score: number;
  /** Breaks ties, so that equals are taken in the order they came. */
  sequence: number;
  running: Work<string> | undefined;
}

/**
 * The keys to be reconciled, each at most once in line and never twice at the same time.
 *
 * - *Order*: a user's edit, then a child's event, a requested pass, a resync, the initial list. A key that waits overtakes:
 *   each step of priority is worth `ageingMs` of waiting, so nothing starves.
 * - *Delays*: the earliest time asked for wins.
 * - *Rate*: if one is given, keys wait in line for it, and the most urgent goes first.
 * - *Failures*: exponential backoff with full jitter. Events that arrive in the meantime are collected and do not cut it
 *   short; a user's edit does. The count of failures is forgotten only when a pass succeeds.
 * - *Reasons*: all triggers since the key's last pass began are handed out with the next.
 *
 * Adding and taking cost the logarithm of the number of keys.
 *
 * @example
 * ```ts
 * const queue = new WorkQueue({ clock: systemClock, random: Math.random });
 * for (let work = await queue.next(signal); work !== undefined; work = await queue.next(signal)) {
 *   queue.done(work, await reconcile(work.key));
 * }
 * ```
 */
export class WorkQueue<Key extends string> {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #backoff: BackoffOptions;
  readonly #ageingMs: number;
  readonly #bucket: TokenBucket | undefined;
  readonly #entries = new Map<Key, Entry<Key>>();
  readonly #ready = new IndexedHeap<Entry<Key>>((a, b) =>
    a.score === b.score ? a.sequence < b.sequence : a.score < b.score,
  );
  readonly #delayed = new IndexedHeap<Entry<Key>>((a, b) =>
    a.readyAt === b.readyAt ? a.sequence < b.sequence : a.readyAt < b.readyAt,
  );
  readonly #takers = new Set<(work: Work<Key> | undefined) => void>();
  /** When each pass under way was taken. */
  readonly #running = new Map<Work<Key>, number>();
  #added = 0;
  #sequence = 0;
  #isShutDown = false;
  #alarm: { readonly at: number; readonly timer: Timer } | undefined;

  constructor({ clock, random, backoff = defaultBackoff, ageingMs = 10_000, rate }: WorkQueueOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#backoff = backoff;
    this.#ageingMs = ageingMs;
    this.#bucket = rate && new TokenBucket(rate);
  }

  /** Asks for a pass of `key`, now or after `afterMs`. Does nothing once the queue is shut down. */
  add(key: Key, trigger: Trigger, afterMs = 0): void {
    if (this.#isShutDown) return;
    const now = this.#clock.monotonic();
    const entry = this.#entries.get(key) ?? this.#newEntry(key);
    entry.triggers.add(trigger);
    const rank = priorities.indexOf(trigger.priority);
    const at = trigger.priority === 'edit' ? now + afterMs : Math.max(now + afterMs, entry.heldUntil);
    this.#ask(entry, rank, at, now);
    this.#serve(now);
  }

  /**
   * The most urgent key that may be taken, as soon as there is one.
   * @returns `undefined` when `signal` aborts or the queue is shut down
   */
  next(signal?: AbortSignal): Promise<Work<Key> | undefined> {
    if (this.#isShutDown || signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const taker = (work: Work<Key> | undefined) => {
        signal?.removeEventListener('abort', giveUp);
        this.#takers.delete(taker);
        resolve(work);
      };
      const giveUp = () => taker(undefined);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#takers.add(taker);
      this.#serve(this.#clock.monotonic());
    });
  }

  /**
   * Ends a pass; until then its key is not handed out again.
   * @throws {Error} when this very work is not under way: it was given back before
   */
  done(work: Work<Key>, outcome: PassOutcome): void {
    const entry = this.#entries.get(work.key);
    if (entry?.running !== work) throw new Error(`the pass of ${work.key} was ended before: end each pass once`);
    const now = this.#clock.monotonic();
    entry.running = undefined;
    this.#running.delete(work);
    if (this.#isShutDown) return;
    const wanted = this.#afterPass(entry, outcome, now);
    if (wanted !== undefined) this.#askAgain(entry, wanted);
    if (entry.readyAt === Number.POSITIVE_INFINITY) this.#entries.delete(entry.key);
    else this.#line(entry, now);
    this.#serve(now);
  }

  depth(): QueueDepth {
    const now = this.#clock.monotonic();
    const first = this.#ready.peek();
    return {
      ready: this.#ready.size,
      delayed: this.#delayed.size,
      running: this.#running.size,
      oldestReadyMs: first === undefined ? 0 : now - first.readyAt,
      added: this.#added,
      ...this.#underWay(now),
    };
  }

  /** Drops what is in line and ends every wait with `undefined`. Passes under way may still be given back. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    this.#ready.clear();
    this.#delayed.clear();
    for (const taker of [...this.#takers]) taker(undefined);
  }

  #underWay(now: number): Pick<QueueDepth, 'unfinishedMs' | 'longestMs'> {
    let [unfinishedMs, longestMs] = [0, 0];
    for (const takenAt of this.#running.values()) {
      unfinishedMs += now - takenAt;
      longestMs = Math.max(longestMs, now - takenAt);
    }
    return { unfinishedMs, longestMs };
  }

  #newEntry(key: Key): Entry<Key> {
    const entry: Entry<Key> = {
      key,
      triggers: new TriggerLog(),
      rank: priorities.length,
      readyAt: Number.POSITIVE_INFINITY,
      failures: 0,
      heldUntil: Number.NEGATIVE_INFINITY,
      score: Number.POSITIVE_INFINITY,
      sequence: 0,
      running: undefined,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #ask(entry: Entry<Key>, rank: number, at: number, now: number): void {
    if (entry.readyAt === Number.POSITIVE_INFINITY) this.#added += 1;
    entry.rank = Math.min(entry.rank, rank);
    entry.readyAt = Math.min(entry.readyAt, at);
    if (entry.running === undefined) this.#line(entry, now);
  }

  /** What a pass itself asks for when it ends; `undefined` when it is simply over. */
  #afterPass(entry: Entry<Key>, outcome: PassOutcome, now: number): { trigger: Trigger; at: number } | undefined {
    if (typeof outcome === 'object' && 'retry' in outcome) {
      entry.failures += 1;
      const waitMs = Math.max(backoffMs(entry.failures, this.#random, this.#backoff), outcome.afterMs ?? 0);
      entry.heldUntil = now + waitMs;
      return { trigger: { priority: 'requeue', reason: 'tried again after a failure' }, at: entry.heldUntil };
    }
    entry.failures = 0;
    entry.heldUntil = Number.NEGATIVE_INFINITY;
    if (outcome === 'ok') return undefined;
    return { trigger: { priority: 'requeue', reason: 'asked for by the last pass' }, at: now + outcome.requeueAfterMs };
  }

  /** Events that came during a pass that failed wait as long as the pass itself; a user's edit does not. */
  #askAgain(entry: Entry<Key>, { trigger, at }: { trigger: Trigger; at: number }): void {
    if (entry.readyAt === Number.POSITIVE_INFINITY) this.#added += 1;
    const hasEdit = entry.rank === priorities.indexOf('edit');
    if (!hasEdit)
      entry.readyAt = Math.max(entry.readyAt === Number.POSITIVE_INFINITY ? at : entry.readyAt, entry.heldUntil);
    entry.readyAt = Math.min(entry.readyAt, at);
    entry.rank = Math.min(entry.rank, priorities.indexOf(trigger.priority));
    entry.triggers.add(trigger, at);
  }

  /** Puts a key where it belongs: in line, or among those that wait for their time. */
  #line(entry: Entry<Key>, now: number): void {
    if (entry.readyAt > now) {
      this.#delayed.put(this.#numbered(entry, this.#delayed));
      return;
    }
    this.#delayed.remove(entry);
    const score = scoreOf(entry, this.#ageingMs);
    const isInLine = this.#ready.has(entry);
    entry.score = isInLine ? Math.min(entry.score, score) : score;
    this.#ready.put(this.#numbered(entry, this.#ready));
  }

  #numbered(entry: Entry<Key>, heap: IndexedHeap<Entry<Key>>): Entry<Key> {
    if (heap.has(entry)) return entry;
    this.#sequence += 1;
    entry.sequence = this.#sequence;
    return entry;
  }

  /** Hands ready keys to those who wait, and sets the alarm for the next that becomes ready. */
  #serve(now: number): void {
    for (let entry = this.#delayed.peek(); entry !== undefined && entry.readyAt <= now; entry = this.#delayed.peek())
      this.#line(entry, now);
    for (const taker of this.#takers) {
      if (this.#ready.size === 0 || this.#nextTokenAt(now) > now) break;
      const entry = this.#ready.pop();
      if (entry === undefined) break;
      this.#bucket?.take(now);
      taker(this.#take(entry, now));
    }
    this.#setAlarm(now);
  }

  #take(entry: Entry<Key>, now: number): Work<Key> {
    const work = {
      key: entry.key,
      triggers: entry.triggers.list(now),
      failures: entry.failures,
      waitedMs: now - entry.readyAt,
    };
    entry.running = work;
    entry.triggers = new TriggerLog();
    entry.rank = priorities.length;
    entry.readyAt = Number.POSITIVE_INFINITY;
    entry.heldUntil = Number.NEGATIVE_INFINITY;
    this.#running.set(work, now);
    return work;
  }

  #nextTokenAt(now: number): number {
    return this.#bucket?.nextAt(now) ?? now;
  }

  /** When there will be something to do that nobody calls for: a key becomes ready, or one in line may be handed out. */
  #nextAt(now: number): number {
    const isHeldBack = this.#ready.size > 0 && this.#takers.size > 0;
    return Math.min(
      this.#delayed.peek()?.readyAt ?? Number.POSITIVE_INFINITY,
      isHeldBack ? this.#nextTokenAt(now) : Number.POSITIVE_INFINITY,
    );
  }

  #setAlarm(now: number): void {
    const at = this.#nextAt(now);
    if (at === this.#alarm?.at) return;
    this.#cancelAlarm();
    if (at === Number.POSITIVE_INFINITY) return;
    const ring = () => {
      this.#alarm = undefined;
      this.#serve(this.#clock.monotonic());
    };
    this.#alarm = { at, timer: this.#clock.setTimeout(ring, Math.ceil(at - now)) };
  }

  #cancelAlarm(): void {
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
  }
}

/** The time it became ready, later by a fixed span for each step of priority: the order then holds at every moment to come. */
function scoreOf(entry: { readonly rank: number; readonly readyAt: number }, ageingMs: number): number {
  return entry.readyAt + entry.rank * ageingMs;
}
