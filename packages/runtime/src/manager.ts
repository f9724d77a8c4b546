import { type Clock, type Connection, createClient, type KubeClient, systemClock, type Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Controller } from './controller/controller.ts';
import { type Millis, seconds } from './duration.ts';
import { EventRecorder } from './events/recorder.ts';

/** How long passes under way may take to finish after the signal; below the grace period pods usually have. */
const stopLimit: Millis = seconds(20);

/** How long the last events may take to be sent. */
const flushLimit: Millis = seconds(2);

export interface ManagerOptions {
  readonly connection: Connection;
  readonly controllers: readonly Controller[];
  readonly log: Logger;
  /** Namespaces to work in; every namespace unless told. */
  readonly namespaces?: readonly string[];
  readonly clock?: Clock;
  /** In [0, 1); spreads retries. `Math.random` unless told. */
  readonly random?: () => number;
}

/**
 * Runs controllers against one API server until it is told to stop.
 *
 * Order of life: connect, fill the caches, work; on the signal: no new pass, wait for those under way, send the last
 * events, close the connection. Metrics, health endpoints, leader election and webhooks will start and stop here.
 *
 * @example
 * ```ts
 * const manager = new Manager({ connection: await loadKubeConfig(), controllers: [greetings], log: createLogger() });
 * await manager.run(AbortSignal.timeout(60_000));
 * ```
 */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #client: KubeClient;
  readonly #recorders: readonly EventRecorder[];
  readonly #runners: readonly ReturnType<Controller['runner']>[];

  constructor(options: ManagerOptions) {
    const { connection, log, clock = systemClock, random = Math.random } = options;
    this.#options = options;
    this.#client = createClient(connection, { clock });
    const namespaces =
      options.namespaces === undefined || options.namespaces.length === 0 ? [undefined] : options.namespaces;
    const client = this.#client;
    const units = options.controllers.map(({ name, runner }) => {
      const recorder = new EventRecorder({ client, clock, random, log, reportingController: name });
      return { recorder, runner: runner({ client, clock, random, log, recorder, namespaces }) };
    });
    this.#recorders = units.map(({ recorder }) => recorder);
    this.#runners = units.map(({ runner }) => runner);
  }

  /** True once every cache has its first snapshot. */
  get isReady(): boolean {
    return this.#runners.every((runner) => runner.informers().every(({ isSynced }) => isSynced));
  }

  /** Works until the signal, then stops in order. Resolves when everything has ended, at most `stopLimit` later. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, clock = systemClock } = this.#options;
    const abandon = new AbortController();
    let patience: Timer | undefined;
    const limitStop = () => {
      patience = clock.setTimeout(() => abandon.abort(), stopLimit);
    };
    signal.addEventListener('abort', limitStop, { once: true });
    try {
      await Promise.all(this.#runners.map((runner) => runner.run(signal, abandon.signal)));
    } finally {
      patience?.cancel();
      await Promise.all(this.#recorders.map((recorder) => recorder.flush(AbortSignal.timeout(flushLimit))));
      await this.#client.close();
      log.info('stopped');
    }
  }
}
