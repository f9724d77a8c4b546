import type { Deed } from './deeds.ts';

/** Counts one call to Druid by the HTTP status of its answer; `undefined`: there was none. */
export type CallCount = (status: number | undefined) => void;

/** How one ingestion is, for the figures. */
export interface Figure {
  readonly state: string;
  readonly lag: number;
}

/** Something that was done in Druid, and how often. */
export interface CountedDeed extends Deed {
  readonly count: number;
}

/** What the operator can say in figures: its calls, and the ingestions as last seen. */
export class Figures {
  readonly #calls = new Map<string, number>();
  readonly #ingestions = new Map<string, Figure>();
  readonly #deeds = new Map<string, CountedDeed>();

  /** Counts a call. */
  readonly count: CallCount = (status) => {
    const statusClass = status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
    this.#calls.set(statusClass, (this.#calls.get(statusClass) ?? 0) + 1);
  };

  /** Counts what was done in Druid. */
  did(deeds: readonly Deed[]): void {
    for (const deed of deeds) {
      const key = `${deed.deed} ${deed.operation ?? ''}`;
      this.#deeds.set(key, { ...deed, count: (this.#deeds.get(key)?.count ?? 0) + 1 });
    }
  }

  /** Remembers how an ingestion is. */
  saw(uid: string, figure: Figure): void {
    this.#ingestions.set(uid, figure);
  }

  /** Forgets an ingestion that is gone. */
  forget(uid: string): void {
    this.#ingestions.delete(uid);
  }

  /** Calls so far, by class of status: `2xx`, `none` ... */
  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  /** What was done in Druid so far. */
  deeds(): readonly CountedDeed[] {
    return [...this.#deeds.values()];
  }

  /** Ingestions by state. */
  states(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { state } of this.#ingestions.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    return counts;
  }

  /** Records that are not read yet, of all ingestions. */
  lag(): number {
    return [...this.#ingestions.values()].reduce((sum, { lag }) => sum + lag, 0);
  }
}
