import { type Millis, millis, minutes, seconds } from '@capstan/runtime';

/** So many times the same is applied before it counts as not kept there. */
const patience = 5;

/** Writes to one cluster come no faster than this, whoever undoes them. */
const betweenWrites = seconds(10);
const atMost = minutes(10);

/** Whether what is applied to a cluster is kept there. What never shows as applied is applied ever more seldom. */
export class Keeping {
  #hash: string | undefined;
  #applied = 0;

  /** Something with this hash was applied. */
  applied(hash: string): void {
    this.#applied = hash === this.#hash ? this.#applied + 1 : 1;
    this.#hash = hash;
  }

  /** It was seen there as it was applied. */
  kept(): void {
    this.#applied = 0;
  }

  /** Whether this was applied often enough to be seen, and never was. */
  isFutile(hash: string): boolean {
    return hash === this.#hash && this.#applied >= patience;
  }

  /** How long after the newest write the next one comes: 10 s, and twice as long each time where it is futile, up to 10 min. */
  get pause(): Millis {
    const doublings = Math.max(0, this.#applied - patience + 1);
    return millis(Math.min(atMost, betweenWrites * 2 ** doublings));
  }
}
