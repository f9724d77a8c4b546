import type { Clock, Timer } from '@capstan/kube';
import type { Detail, Overview, PlanView, Session } from '../api.ts';
import type { ClusterVisitor } from '../cluster-visitor.ts';
import { Refused } from '../refused.ts';
import type { ObjectAddress, Visitor } from '../visitor.ts';

export interface VisitorPoolOptions {
  readonly clock: Clock;
  /** Told of what went wrong when nobody waited for it. */
  readonly onDefect: (error: unknown) => void;
}

/** How long watches go on when nobody looks: for a page that is loaded anew. */
const keptMs = 60_000;
/** Whoever was known a minute ago is asked about again. */
const knownMs = 60_000;
/** Each has watches of its own. */
const mostVisitors = 50;

/** One visitor for each key, shared by all their tabs, and ended 60 s after the last of them left. */
export class VisitorPool implements AsyncDisposable {
  readonly #options: VisitorPoolOptions;
  readonly #guests = new Map<string, Guest>();

  constructor(options: VisitorPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#guests.size;
  }

  /**
   * The visitor of a key, opened when there is none.
   * @throws {Refused} 503 when there are too many, or what `open` throws
   */
  async admit(key: string, open: () => Promise<ClusterVisitor>): Promise<Visitor> {
    const found = this.#guests.get(key);
    if (found === undefined && this.#guests.size >= mostVisitors)
      throw new Refused(503, `${mostVisitors} people look already: try again in a minute`);
    const guest = found ?? new Guest(open(), this.#options.clock, () => this.#drop(key, guest));
    this.#guests.set(key, guest);
    try {
      await guest.check();
    } catch (error) {
      this.#drop(key, guest);
      throw error;
    }
    return guest;
  }

  /** Ends all visitors. */
  async [Symbol.asyncDispose](): Promise<void> {
    const guests = [...this.#guests.values()];
    this.#guests.clear();
    await Promise.all(guests.map((guest) => guest.end()));
  }

  #drop(key: string, guest: Guest): void {
    if (this.#guests.get(key) === guest) this.#guests.delete(key);
    void guest.end().catch(this.#options.onDefect);
  }
}

/** A visitor whose looks are counted. */
class Guest implements Visitor {
  readonly #visitor: Promise<ClusterVisitor>;
  readonly #clock: Clock;
  readonly #leave: () => void;
  #looks = 0;
  #leaving: Timer | undefined;
  #knownUntil: number;
  #ended: Promise<void> | undefined;

  constructor(visitor: Promise<ClusterVisitor>, clock: Clock, leave: () => void) {
    this.#visitor = visitor;
    this.#clock = clock;
    this.#leave = leave;
    this.#knownUntil = clock.monotonic() + knownMs;
  }

  /**
   * Makes sure that the visitor is still known, once a minute. While the API server does not answer, whoever was known stays.
   * @throws {Refused} 401 when it does not know them any more, or what opening has thrown
   */
  async check(): Promise<void> {
    const visitor = await this.#visitor;
    if (this.#looks === 0) this.#rest();
    const now = this.#clock.monotonic();
    if (now < this.#knownUntil) return;
    await visitor.check().catch((error: unknown) => {
      if (!(error instanceof Refused && error.status === 502)) throw error;
    });
    this.#knownUntil = now + knownMs;
  }

  async session(): Promise<Session> {
    return await this.#looking(async (visitor) => await visitor.session());
  }

  async detail(address: ObjectAddress): Promise<Detail> {
    return await this.#looking(async (visitor) => await visitor.detail(address));
  }

  async plan(manifest: string): Promise<PlanView> {
    return await this.#looking(async (visitor) => await visitor.plan(manifest));
  }

  async *overviews(signal: AbortSignal): AsyncGenerator<Overview, void, void> {
    this.#begin();
    try {
      yield* (await this.#visitor).overviews(signal);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.#leave();
      throw error;
    } finally {
      this.#done();
    }
  }

  /** Ends the visitor, once. */
  async end(): Promise<void> {
    this.#leaving?.cancel();
    this.#ended ??= this.#visitor.then(
      async (visitor) => await visitor[Symbol.asyncDispose](),
      // One that never was has nothing to end, and whoever waited for it was told.
      () => {},
    );
    await this.#ended;
  }

  async #looking<T>(look: (visitor: ClusterVisitor) => Promise<T>): Promise<T> {
    this.#begin();
    try {
      return await look(await this.#visitor);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.#leave();
      throw error;
    } finally {
      this.#done();
    }
  }

  #begin(): void {
    this.#looks += 1;
    this.#leaving?.cancel();
  }

  #done(): void {
    this.#looks -= 1;
    if (this.#looks === 0 && this.#ended === undefined) this.#rest();
  }

  #rest(): void {
    this.#leaving?.cancel();
    this.#leaving = this.#clock.setTimeout(this.#leave, keptMs);
  }
}
