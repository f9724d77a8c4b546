import { type Clock, systemClock } from '@capstan/kube';
import { callDruid, type DruidTarget, jsonOf } from '@capstan/testkit';
import { type SupervisorReading, supervisorReading } from './supervisor-reading.ts';

const everyMs = 500;
const timeoutMs = 5_000;

/**
 * Reads a supervisor again and again, from Druid itself: the status of a resource tells its lag at most once a minute, for each
 * time costs a write.
 */
export class SupervisorGauge implements AsyncDisposable {
  readonly #target: DruidTarget;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #listeners: (() => void)[] = [];
  readonly #over = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #reading: SupervisorReading | undefined;

  private constructor(target: DruidTarget, id: string, clock: Clock) {
    this.#target = target;
    this.#path = `/druid/indexer/v1/supervisor/${encodeURIComponent(id)}/status`;
    this.#clock = clock;
  }

  /** Reads twice a second until it is disposed. */
  static start(target: DruidTarget, id: string, clock: Clock = systemClock): SupervisorGauge {
    const gauge = new SupervisorGauge(target, id, clock);
    gauge.#running = gauge.#run();
    return gauge;
  }

  /** The latest; undefined while there is no supervisor, or Druid does not answer. */
  get reading(): SupervisorReading | undefined {
    return this.#reading;
  }

  /** Calls the listener after each reading. */
  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#reading = await this.#read();
      for (const listener of this.#listeners) listener();
      await this.#clock.sleep(everyMs, signal).catch(() => {}); // ends early when it is over
    }
  }

  async #read(): Promise<SupervisorReading | undefined> {
    try {
      return supervisorReading(jsonOf(await callDruid(this.#target, { method: 'GET', path: this.#path, timeoutMs })));
    } catch {
      return undefined; // no answer; the next look may have one
    }
  }
}
