import { druidAddress } from '../druid/druid-address.ts';

/** Does what changes a thing of one Druid, while nobody else changes the same thing. */
export type Alone = (thing: string, work: () => Promise<void>) => Promise<void>;

/** Turns at the things of the Druid at this address. */
export function aloneAt(url: string, turns: OneAtATime): Alone {
  return (thing, work) => turns.run(`${druidAddress(url) ?? url} ${thing}`, work);
}

/** Does what touches the same thing one after the other: what is read, changed and written back must not cross. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when all before it for the same thing has ended, well or badly. */
  async run<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(thing) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(thing, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(thing) === mine) this.#last.delete(thing);
    }
  }
}
