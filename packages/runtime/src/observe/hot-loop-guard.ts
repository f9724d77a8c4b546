import type { Clock } from '@capstan/kube';
import type { Logger } from 'pino';
import { changedAnything } from '../controller/outcome.ts';
import { minutes } from '../duration.ts';
import type { PassRecord } from './pass-record.ts';

/** Passes of one resource in a minute that saw nothing new and did nothing, before somebody is told. */
const mostIdlePasses = 60;

/** One minute at a time: what was counted before is forgotten, and with it every resource that calmed down. */
const span = minutes(1);

/** How long until the same resource is told of again. */
const silence = minutes(60);

interface Count {
  /** What the last pass saw, as versions. */
  seen: string;
  idle: number;
  /** Of the idle ones, those that only wrote the status: a status that differs each time is the usual cause. */
  statusWrites: number;
}

export interface HotLoopGuardOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Notices a resource that is reconciled over and over although its spec is the same, what its passes read is the same, and no
 * child is changed; and says what starts its passes. Nobody would see it otherwise: such a pass costs no request.
 */
export class HotLoopGuard {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #counts = new Map<string, Count>();
  readonly #toldAt = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor({ clock, log }: HotLoopGuardOptions) {
    this.#clock = clock;
    this.#log = log;
  }

  /** @returns true when this pass is the one that makes it too many */
  look(pass: PassRecord): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#since >= span) this.#beginMinute(now);
    if (!isIdle(pass)) return false;
    const key = JSON.stringify([pass.controller, pass.namespace, pass.name, pass.resource?.generation]);
    const seen = versionsIn(pass);
    const count = this.#counts.get(key);
    if (count?.seen !== seen) {
      this.#counts.set(key, { idle: 0, statusWrites: 0, ...count, seen });
      return false;
    }
    count.idle += 1;
    if (pass.status === 'Written') count.statusWrites += 1;
    if (count.idle !== mostIdlePasses) return false;
    if (!this.#toldAt.has(key)) this.#tell(pass, count);
    this.#toldAt.set(key, this.#toldAt.get(key) ?? now);
    return true;
  }

  #beginMinute(now: number): void {
    this.#since = now;
    this.#counts.clear();
    for (const [key, toldAt] of this.#toldAt) if (now - toldAt >= silence) this.#toldAt.delete(key);
  }

  #tell({ controller, namespace, name, triggers }: PassRecord, { idle, statusWrites }: Count): void {
    const advice =
      statusWrites > idle / 2
        ? 'its status differs in each pass: take what changes by itself (times, counters, unordered lists) out of it, or make it unhurried'
        : 'its triggers start passes that have nothing to do: a predicate, or watching less, would keep them away';
    this.#log.warn(
      { controller, namespace, name, triggers: triggers.map(({ reason }) => reason), statusWrites },
      `${idle} passes within a minute saw nothing new and changed nothing: ${advice}`,
    );
  }
}

/** Nothing was done but perhaps to write a status: not a failure (back-off sees to those), not a change of a child, not a deletion. */
function isIdle({ result, children, removals = [] }: PassRecord): boolean {
  if (result !== 'Done' && result !== 'Requeued') return false;
  if (removals.some((removal) => removal.result === 'Removed')) return false;
  return !changedAnything({ children });
}

/** The versions of what a pass read. A child whose contents are never read may change as it likes: that is noise. */
function versionsIn({ reads }: PassRecord): string {
  return reads.map(({ resourceVersion }) => resourceVersion).join();
}
