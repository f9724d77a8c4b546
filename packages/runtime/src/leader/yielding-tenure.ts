import type { Clock } from '@capstan/kube';
import { LeadershipLost, type Tenure } from './leadership.ts';
import { describeRival } from './rival.ts';
import type { RivalCensus } from './rival-census.ts';

export interface YieldingTenureOptions {
  readonly census: RivalCensus;
  readonly clock: Clock;
  /** Ends the watch that the census follows from. */
  readonly endWatch: () => Promise<void>;
}

/** Leads as long as the tenure within does, and no rival is seen to work. */
export class YieldingTenure implements Tenure {
  readonly lost: AbortSignal;
  readonly #inner: Tenure;
  readonly #options: YieldingTenureOptions;
  readonly #yielded = new AbortController();
  readonly #forget: () => void;

  constructor(inner: Tenure, options: YieldingTenureOptions) {
    this.#inner = inner;
    this.#options = options;
    this.lost = AbortSignal.any([inner.lost, this.#yielded.signal]);
    this.#forget = options.census.onChange(() => this.#judge());
    this.#judge();
  }

  get term(): number {
    return this.#inner.term;
  }

  get isHeld(): boolean {
    return !this.lost.aborted && this.#inner.isHeld;
  }

  /** The lease is given back also when a rival has come: whoever of ours takes it will see the rival as well. */
  async release(): Promise<void> {
    this.#forget();
    await this.#inner.release();
    await this.#options.endWatch();
  }

  #judge(): void {
    const { census, clock } = this.#options;
    const [rival] = census.atWork(clock.monotonic());
    if (rival === undefined) return;
    this.#yielded.abort(
      new LeadershipLost(
        `another operator is at work: ${describeRival(rival)}; the next start writes nothing until it stops`,
      ),
    );
  }
}
