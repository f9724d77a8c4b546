import type { ProgressListener } from '@capstan/controlplane';

/** Tells a listener when each of a number of steps begins and ends. */
export class StartSteps {
  readonly #steps: number;
  readonly #listener: ProgressListener;
  readonly #began = performance.now();
  #step = 0;

  /** @param steps how many there will be */
  constructor(steps: number, listener: ProgressListener = () => {}) {
    this.#steps = steps;
    this.#listener = listener;
  }

  /** Does one step, and gives what it gives. A step that fails is not reported as done. */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#step += 1;
    this.#report(title, false);
    const result = await work();
    this.#report(title, true);
    return result;
  }

  #report(title: string, done: boolean): void {
    const elapsedMs = performance.now() - this.#began;
    this.#listener({ step: this.#step, steps: this.#steps, title, elapsedMs, remainingMs: undefined, done });
  }
}
