import type { Clock, Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import { type Millis, minutes } from '../duration.ts';

const remindMs: Millis = minutes(1);

/** A pass that goes on although it was cut off. */
export interface StuckPass {
  readonly log: Logger;
  /** Why it was begun, oldest first. */
  readonly triggers: readonly string[];
  /** When it was begun, on the monotonic clock. */
  readonly startedAt: number;
}

/** Passes that go on although they were cut off: their resources have no other pass meanwhile, and a log line each minute says so. */
export class StuckPasses {
  readonly #clock: Clock;
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Keeps an eye on a pass until it ends. */
  watch(pass: StuckPass, ending: Promise<unknown>): void {
    this.#size += 1;
    let timer: Timer | undefined;
    const remind = () => {
      this.#tell(pass);
      timer = this.#clock.setTimeout(remind, remindMs);
    };
    remind();
    const forget = () => {
      this.#size -= 1;
      timer?.cancel();
      pass.log.warn('the stuck pass has ended after all');
    };
    ending.then(forget, forget);
  }

  #tell({ log, triggers, startedAt }: StuckPass): void {
    const runningMs = Math.round(this.#clock.monotonic() - startedAt);
    log.error(
      { runningMs, trigger: triggers.at(-1) },
      'a pass was cut off and does not end; this resource is not worked on until it does. Look for a call without "signal: pass.signal"',
    );
  }
}
