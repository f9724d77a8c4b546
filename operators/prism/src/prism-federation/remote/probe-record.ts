import { type Millis, millis } from '@capstan/runtime';
import type { Observation } from '../decision/decision.ts';

/** The usual latency is the median of so many. */
const remembered = 5;

/** What one probe came to: well, with how long it took, or not. */
export type Probed = { readonly well: true; readonly took: Millis } | { readonly well: false };

/** What the probes of one cluster came to, one after the other. */
export class ProbeRecord {
  #verdict: Observation['verdict'] = 'Unknown';
  #inARow = 0;
  readonly #latencies: Millis[] = [];

  note(probed: Probed): void {
    const verdict = probed.well ? 'Healthy' : 'Unhealthy';
    this.#inARow = verdict === this.#verdict ? this.#inARow + 1 : 1;
    this.#verdict = verdict;
    if (!probed.well) return;
    this.#latencies.push(probed.took);
    if (this.#latencies.length > remembered) this.#latencies.shift();
  }

  /** Of the newest successes, however long ago; absent before the first. */
  get latency(): Millis | undefined {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor((sorted.length - 1) / 2)];
    return middle === undefined ? undefined : millis(middle);
  }

  /** What is known of it now. */
  get observation(): Observation {
    const { latency } = this;
    const known = this.#verdict === 'Healthy' && latency !== undefined;
    return { verdict: this.#verdict, inARow: this.#inARow, ...(known && { latency }) };
  }
}
