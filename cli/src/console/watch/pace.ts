import type { Clock, Timer } from '@capstan/kube';

/** Nobody sees more than four pictures a second of a tree. */
const shortestMs = 250;
/** Of the time: what is left is for other work. */
const largestShare = 0.1;

/** Does some work after changes, however many come: at once after a rest, and then at most every 250 ms, less often when it takes long. */
export class Pace {
  readonly #clock: Clock;
  readonly #work: () => void;
  #nextAt = 0;
  #due: Timer | undefined;

  /** @param work never throws */
  constructor(clock: Clock, work: () => void) {
    this.#clock = clock;
    this.#work = work;
  }

  changed(): void {
    if (this.#due !== undefined) return;
    const wait = Math.max(0, this.#nextAt - this.#clock.monotonic());
    // Also at once means after what is under way: changes come in bursts.
    this.#due = this.#clock.setTimeout(() => this.#do(), wait);
  }

  /** Takes back what is due. */
  stop(): void {
    this.#due?.cancel();
    this.#due = undefined;
  }

  #do(): void {
    this.#due = undefined;
    const begin = this.#clock.monotonic();
    this.#work();
    const end = this.#clock.monotonic();
    this.#nextAt = end + Math.max(shortestMs, (end - begin) / largestShare);
  }
}
