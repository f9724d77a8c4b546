/** What a caller gets at the gate: a place, or the news that the Druid behind it does not answer. */
export type Entry = 'Entered' | 'Busy';

/** What came of the call of somebody who leaves; `GivenUp` by the caller says nothing of Druid. */
export type Outcome = 'Answered' | 'Silent' | 'GivenUp';

interface Waiting {
  readonly settle: (entry: Entry) => void;
}

/**
 * Lets a few calls at a time through to one Druid, and the others in the order they came. Once a call found that Druid silent, nobody
 * waits any longer: whoever finds the gate full is told so at once, until a call is answered again. So a Druid that hangs holds up as
 * many callers as it has places, however many ask for it.
 */
export class DruidGate {
  readonly #places: number;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  #silent = false;

  /** @param places how many calls are under way at most, 1 or more */
  constructor(places: number) {
    this.#places = places;
  }

  /** Whether nobody is inside and nobody waits. */
  get isIdle(): boolean {
    return this.#taken === 0 && this.#waiting.size === 0;
  }

  /** Takes a place, waiting for one if need be. Who has entered has to leave. Rejects with the signal's reason when it aborts. */
  async enter(signal?: AbortSignal): Promise<Entry> {
    signal?.throwIfAborted();
    if (this.#taken < this.#places) {
      this.#taken += 1;
      return 'Entered';
    }
    return this.#silent ? 'Busy' : await this.#place(signal);
  }

  /** Gives a place back, and says what came of the call that had it. */
  leave(outcome: Outcome): void {
    if (outcome !== 'GivenUp') this.#silent = outcome === 'Silent';
    if (this.#silent) this.#sendAway();
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken -= 1;
      return;
    }
    // The place goes from hand to hand, so that nobody who comes just now gets it first.
    this.#waiting.delete(next);
    next.settle('Entered');
  }

  #sendAway(): void {
    for (const { settle } of this.#waiting) settle('Busy');
    this.#waiting.clear();
  }

  #place(signal: AbortSignal | undefined): Promise<Entry> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        settle: (entry) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(entry);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
    });
  }
}
