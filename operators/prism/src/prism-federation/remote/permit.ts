import type { Clock } from '@capstan/kube';
import { seconds } from '@capstan/runtime';

/** A pass counts for so long as one that would have it written. */
const fresh = seconds(5);

/**
 * Leave to write to a cluster: only a pass gives it, and only for a moment. So nothing is written for a federation that is paused,
 * refused or gone, although nobody tells its sessions.
 */
export class Permit {
  readonly #clock: Clock;
  #givenAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A pass wants it written. */
  give(): void {
    this.#givenAt = this.#clock.monotonic();
  }

  get isThere(): boolean {
    return this.#clock.monotonic() - this.#givenAt < fresh;
  }
}
