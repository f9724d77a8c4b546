import type { Clock } from '@capstan/kube';

/** Something of a child that was as we want it, and that somebody changed. */
export interface Taking {
  /** `.spec.template.spec.containers[name=broker].image`; `.` is the child as a whole. */
  readonly path: string;
  /** Who did it, as far as it is known: a field manager name, or words in its place. */
  readonly by: string;
}

/** Somebody keeps taking something from us; applying again at once would only go on with it. */
export interface Fight extends Taking {
  /** How often it was taken within the window. */
  readonly taken: number;
  /** Stand back for so long, then apply once more. */
  readonly retryAfterMs: number;
}

export interface FightLedgerOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Takings within the window that are put right at once; 3 unless told. */
  readonly tolerated?: number;
  /** Milliseconds; ten minutes unless told. */
  readonly windowMs?: number;
}

const MINUTE_MS = 60_000;
const LONGEST_BACK_OFF_MINUTES = 16;

interface Dispute {
  /** Times of the takings that were put right, oldest first. */
  readonly takings: readonly number[];
  /** How often we have stood back. */
  readonly rounds: number;
  /** When the standing back ends; absent while we are not. */
  readonly until?: number;
  /** Identifies the version in which the last taking was seen. */
  readonly version?: string;
}

/**
 * Counts who takes what from us, and says when to stop answering.
 *
 * The same thing taken more often than tolerated by the same manager within the window: stand back a minute, apply once
 * more, and stand back twice as long (up to 16 minutes) if it is taken again.
 */
export class FightLedger {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #tolerated: number;
  readonly #windowMs: number;
  readonly #children = new Map<string, Map<string, Dispute>>();

  constructor({ clock, tolerated = 3, windowMs = 10 * MINUTE_MS }: FightLedgerOptions) {
    this.#clock = clock;
    this.#tolerated = tolerated;
    this.#windowMs = windowMs;
  }

  /** Children with takings that still count. */
  get size(): number {
    return this.#children.size;
  }

  /**
   * Records what was taken, as found by a decision that is about to be carried out.
   *
   * @param version identifies what was judged (its resourceVersion): the same version judged twice, in a retry, is one taking
   * @returns the fight to stand back from, the longest one if there are several; `undefined`: apply
   */
  record(childKey: string, takings: readonly Taking[], version?: string): Fight | undefined {
    const now = this.#clock.monotonic();
    const disputes = this.#current(childKey, now);
    const fights = takings.flatMap((taking) => this.#take(disputes, taking, version, now) ?? []);
    if (disputes.size > 0) this.#children.set(childKey, disputes);
    return fights.toSorted((a, b) => b.retryAfterMs - a.retryAfterMs)[0];
  }

  /** To be called when the child is gone. */
  forget(childKey: string): void {
    this.#children.delete(childKey);
  }

  #current(childKey: string, now: number): Map<string, Dispute> {
    for (const [key, disputes] of this.#children) {
      for (const [name, dispute] of disputes) if (this.#isOver(dispute, now)) disputes.delete(name);
      if (disputes.size === 0) this.#children.delete(key);
    }
    return this.#children.get(childKey) ?? new Map();
  }

  #isOver({ takings, until = 0 }: Dispute, now: number): boolean {
    return Math.max(takings.at(-1) ?? 0, until) + this.#windowMs <= now;
  }

  #take(disputes: Map<string, Dispute>, taking: Taking, version: string | undefined, now: number): Fight | undefined {
    const name = `${taking.path}\n${taking.by}`;
    const after = this.#next(disputes.get(name) ?? { takings: [], rounds: 0 }, version, now);
    disputes.set(name, after);
    const { takings, until } = after;
    return until === undefined ? undefined : { ...taking, taken: takings.length, retryAfterMs: until - now };
  }

  #next(dispute: Dispute, version: string | undefined, now: number): Dispute {
    const { takings, rounds, until } = dispute;
    if (until !== undefined && now < until) return dispute;
    // The back-off is over: this is the taking that began it, to be answered once.
    if (until !== undefined) return { takings: [now], rounds, ...(version !== undefined && { version }) };
    if (version !== undefined && version === dispute.version) return dispute;
    const recent = [...takings.filter((time) => time + this.#windowMs > now), now];
    const next = { takings: recent, rounds, ...(version !== undefined && { version }) };
    if (rounds === 0 && recent.length <= this.#tolerated) return next;
    const minutes = Math.min(2 ** rounds, LONGEST_BACK_OFF_MINUTES);
    return { ...next, rounds: rounds + 1, until: now + minutes * MINUTE_MS };
  }
}
