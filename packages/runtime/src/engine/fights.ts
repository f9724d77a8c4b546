import type { Clock } from '@capstan/kube';
import type { Finding, Taker } from './finding.ts';

/** Somebody keeps taking a field from us; applying again at once would only go on with it. */
export interface Fight {
  /** `.spec.template.spec.containers[name=broker].image` */
  readonly path: string;
  /** Field manager name, as managedFields has it. */
  readonly manager: string;
  readonly subresource: string | undefined;
  /**
   * `Contest`: stand back for `retryAfterMs`, then apply once more. `Autoscaler`: a HorizontalPodAutoscaler scales the child;
   * leave `.spec.replicas` out of the desired body where one targets it.
   */
  readonly kind: 'Contest' | 'Autoscaler';
  /** How often it was taken within the window. */
  readonly taken: number;
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
 * Counts who takes which field from us, and says when to stop answering.
 *
 * The same field taken more often than tolerated by the same manager within the window: stand back a minute, apply once
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
   * Records the findings of a decision that is about to be carried out.
   *
   * @param version resourceVersion of the object judged: the same version judged twice (a retry) is one taking
   * @returns the fight to stand back from, the longest one if there are several; `undefined`: apply
   */
  record(childKey: string, findings: readonly Finding[], version?: string): Fight | undefined {
    const now = this.#clock.monotonic();
    const disputes = this.#current(childKey, now);
    const fights = findings.flatMap((finding) =>
      finding.takenBy === undefined ? [] : (this.#take(disputes, finding.path, finding.takenBy, version, now) ?? []),
    );
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

  #take(
    disputes: Map<string, Dispute>,
    path: string,
    taker: Taker,
    version: string | undefined,
    now: number,
  ): Fight | undefined {
    const name = `${path}\n${taker.manager}\n${taker.subresource ?? ''}`;
    const before = disputes.get(name) ?? { takings: [], rounds: 0 };
    const after = this.#next(before, version, now);
    disputes.set(name, after);
    if (isAutoscaler(path, taker)) return fightOf('Autoscaler', path, taker, after, now);
    return after.until === undefined ? undefined : fightOf('Contest', path, taker, after, now);
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

function fightOf(kind: Fight['kind'], path: string, taker: Taker, { takings, until }: Dispute, now: number): Fight {
  const retryAfterMs = until === undefined ? MINUTE_MS : until - now;
  return { path, manager: taker.manager, subresource: taker.subresource, kind, taken: takings.length, retryAfterMs };
}

/** The HorizontalPodAutoscaler controller; a person's `kubectl scale` carries another manager name and is drift. */
function isAutoscaler(path: string, { manager, subresource }: Taker): boolean {
  return path === '.spec.replicas' && subresource === 'scale' && manager === 'kube-controller-manager';
}
