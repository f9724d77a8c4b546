import type { Obstacle } from './ledger.ts';

/** What is looked at in Druid, one at a time while nothing happens. `state`: how the supervisor is. */
export type Aspect =
  | 'supervisor'
  | 'state'
  | 'rules'
  | 'compaction'
  | 'coordinator configuration'
  | 'overlord configuration'
  | LookupAspect;

/** One lookup, by tier and name. */
export type LookupAspect = `lookup ${string}`;

/** Whether an aspect is a lookup. */
export function isLookup(aspect: Aspect): aspect is LookupAspect {
  return aspect.startsWith('lookup ');
}

/** What was last sent of one aspect, and how Druid showed it right afterwards. Lost with the process: that costs one call. */
export interface Seen {
  /** Of what was sent; holds no secret. */
  readonly key: string;
  /** Hash of what Druid made of it; `undefined` when it would not have it. */
  readonly shown: string | undefined;
  /** In ms since 1970. */
  readonly checkedAtMs: number;
  /** Why Druid does not have it. */
  readonly refusal?: Obstacle;
}

/** Remembers, for each ingestion, what Druid was last seen to have. */
export class Memory {
  readonly #seen = new Map<string, Map<Aspect, Seen>>();

  get(uid: string, aspect: Aspect): Seen | undefined {
    return this.#seen.get(uid)?.get(aspect);
  }

  set(uid: string, aspect: Aspect, seen: Seen): void {
    const known = this.#seen.get(uid) ?? new Map<Aspect, Seen>();
    this.#seen.set(uid, known.set(aspect, seen));
  }

  /** All that is remembered of an ingestion. */
  of(uid: string): ReadonlyMap<Aspect, Seen> {
    return this.#seen.get(uid) ?? new Map();
  }

  drop(uid: string, aspect: Aspect): void {
    this.#seen.get(uid)?.delete(aspect);
  }

  /** Forgets all of an ingestion. */
  forget(uid: string): void {
    this.#seen.delete(uid);
  }
}
