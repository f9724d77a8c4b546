import type { Detail, Overview, PlanView, Session } from './api.ts';

/** Which object a page asks about, as its address says. */
export interface ObjectAddress {
  /** Empty for the core group. */
  readonly group: string;
  readonly plural: string;
  /** Absent for what no namespace holds. */
  readonly namespace?: string;
  readonly name: string;
}

/** What the page asks on behalf of one person. */
export interface Visitor {
  session(): Promise<Session>;
  /**
   * The newest overview at once, then again after changes until the signal aborts. Whoever is slow misses those between.
   * @throws {Refused} when the API server takes the credentials no more
   */
  overviews(signal: AbortSignal): AsyncIterable<Overview>;
  /** @throws {Refused} when there is no such object, or it may not be seen */
  detail(address: ObjectAddress): Promise<Detail>;
  /**
   * What would become of a manifest. Changes nothing.
   * @throws {Refused} when it is no manifest of a kind that an operator here knows
   */
  plan(manifest: string): Promise<PlanView>;
}

/** Who is at the door. */
export interface Caller {
  /** What came as `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  /** The only namespace that is wanted. */
  readonly namespace: string | undefined;
}

/** Decides who may come in, and as whom. */
export interface Door {
  /** What somebody without credentials is asked for. */
  readonly login: 'key' | 'token';
  /** @throws {Refused} */
  admit(caller: Caller): Promise<Visitor>;
}
