import {
  type CallObservation,
  type Clock,
  type Connection,
  createClient,
  type KubeClient,
  systemClock,
  type Timer,
} from '@capstan/kube';
import type { Logger } from 'pino';
import type { Controller, Runner } from './controller/controller.ts';
import { type Millis, seconds } from './duration.ts';
import { EventRecorder } from './events/recorder.ts';
import { Feed } from './feed.ts';
import { fencedClient } from './leader/fenced-client.ts';
import { type Election, type Fence, type Tenure, unopposed } from './leader/leadership.ts';
import { guards } from './observe/guards.ts';
import { headersOf, type TracePropagation } from './observe/pass-headers.ts';
import type { PassRecord } from './observe/pass-record.ts';
import { currentPass } from './observe/pass-trace.ts';
import type { ManagerContext, Runnable, RunnableFactory } from './runnable.ts';

/** How long passes under way may take to finish after the signal; below the grace period pods usually have. */
const stopLimit: Millis = seconds(20);

/** How long a pass may take to notice that it was cut off; one that never does is left behind. */
const abandonLimit: Millis = seconds(3);

/** How long the last events may take to be sent. */
const flushLimit: Millis = seconds(2);

export interface ManagerOptions {
  readonly connection: Connection;
  readonly controllers: readonly Controller[];
  readonly log: Logger;
  /** Namespaces to work in; every namespace unless told. */
  readonly namespaces?: readonly string[];
  /** Namespaces whose resources are left alone, deletions with finalizers included; none unless told. */
  readonly deniedNamespaces?: readonly string[];
  /** Names the program in the API server's audit log; `capstan` unless told. */
  readonly userAgent?: string;
  readonly clock?: Clock;
  /** In [0, 1); spreads retries. `Math.random` unless told. */
  readonly random?: () => number;
  /** How this process comes to lead; it leads at once unless told. */
  readonly election?: (context: ManagerContext) => Election;
  /** What runs beside the controllers on every replica: servers of metrics, health, webhooks. */
  readonly beside?: readonly RunnableFactory[];
}

/**
 * Runs controllers against one API server until it is told to stop.
 *
 * Order of life: start what stands beside the controllers, fill the caches, come to lead, work. On the signal: no new pass,
 * wait for those under way, send the last events, release the lease, stop what stands beside, close the connection.
 * When leadership is lost nothing more is written and `run` rejects: the process is to end.
 *
 * @example
 * ```ts
 * const manager = new Manager({ connection: await loadKubeConfig(), controllers: [greetings], log: createLogger() });
 * await manager.run(AbortSignal.timeout(60_000));
 * ```
 */
export class Manager {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #client: KubeClient;
  readonly #recorders: readonly EventRecorder[];
  readonly #runners: readonly Runner[];
  readonly #beside: readonly Runnable[];
  readonly #election: Election;
  readonly #lost = new AbortController();
  #tenure: Tenure | undefined;

  constructor(options: ManagerOptions) {
    const { connection, log, clock = systemClock, random = Math.random, election = () => unopposed } = options;
    const { deniedNamespaces = [] } = options;
    const { userAgent = 'capstan' } = options;
    this.#log = log;
    this.#clock = clock;
    const onFailure = (error: unknown) => log.error({ err: error }, 'an observer failed');
    const passes = new Feed<PassRecord>(onFailure);
    const hotLoops = new Feed<PassRecord>(onFailure);
    const calls = new Feed<CallObservation>(onFailure);
    const onCall = (call: CallObservation) => {
      currentPass.getStore()?.called(call);
      calls.publish(call);
    };
    const propagation: TracePropagation = { isOn: false };
    const headers = () => headersOf(currentPass.getStore(), propagation);
    this.#client = createClient(connection, { userAgent, clock, onCall, headers });
    const fence: Fence = this.#fence();
    const client = fencedClient(this.#client, fence);
    const namespaces =
      options.namespaces === undefined || options.namespaces.length === 0 ? [undefined] : options.namespaces;
    const units = options.controllers.map(({ name, runner }) => {
      const recorder = new EventRecorder({ client, clock, random, log, reportingController: name });
      return {
        recorder,
        runner: runner({ client, clock, random, log, recorder, namespaces, deniedNamespaces, passes }),
      };
    });
    this.#recorders = units.map(({ recorder }) => recorder);
    this.#runners = units.map(({ runner }) => runner);
    const context: ManagerContext = {
      connection,
      client: this.#client,
      clock,
      random,
      log,
      runners: this.#runners,
      passes,
      hotLoops,
      calls,
      fence,
      userAgent,
      propagation,
    };
    this.#election = election(context);
    this.#beside = [guards, ...(options.beside ?? [])].map((make) => make(context));
  }

  /** True once every cache has its first snapshot. */
  get isReady(): boolean {
    return this.#runners.every((runner) => runner.informers().every(({ isSynced }) => isSynced));
  }

  /**
   * Works until the signal, then stops in order. Resolves when everything has ended, at most `stopLimit` later.
   * @throws the reason for which leadership was lost, or for which something beside the controllers could not start
   */
  async run(signal: AbortSignal): Promise<void> {
    const halt = new AbortController();
    const stop = AbortSignal.any([signal, halt.signal]);
    let watching: Promise<unknown> = Promise.resolve();
    try {
      await this.#startBeside();
      watching = Promise.all(this.#runners.map((runner) => runner.watch(stop)));
      await Promise.race([Promise.all(this.#runners.map((runner) => runner.synced)), aborted(stop)]);
      if (!stop.aborted) await this.#lead(stop);
    } finally {
      halt.abort();
      await watching;
      await this.#close();
    }
  }

  #fence(): Fence {
    const tenure = () => this.#tenure;
    return {
      lost: this.#lost.signal,
      get isHeld() {
        return tenure()?.isHeld ?? false;
      },
    };
  }

  async #startBeside(): Promise<void> {
    for (const each of this.#beside) await each.start();
  }

  async #lead(stop: AbortSignal): Promise<void> {
    const tenure = await this.#election.campaign(stop).catch((error: unknown) => {
      if (stop.aborted) return undefined;
      throw error;
    });
    if (tenure === undefined) return;
    this.#tenure = tenure;
    tenure.lost.addEventListener('abort', () => this.#lost.abort(tenure.lost.reason), { once: true });
    this.#log.info({ term: tenure.term }, 'leading');
    await this.#work(stop, tenure.lost);
    tenure.lost.throwIfAborted();
  }

  /** Passes under way may finish after the signal, for a while; a lost lease cuts them off. */
  async #work(stop: AbortSignal, lost: AbortSignal): Promise<void> {
    const patience = new AbortController();
    const abandon = AbortSignal.any([patience.signal, lost]);
    const left = new AbortController();
    const forgetLimits = [
      afterAbort(stop, stopLimit, this.#clock, () => patience.abort(new Error('the process is stopping'))),
      afterAbort(abandon, abandonLimit, this.#clock, () => left.abort()),
    ];
    const over = AbortSignal.any([stop, lost]);
    // Also without any controller there is something to do until then: webhooks are served.
    const ended = Promise.all([aborted(over), ...this.#runners.map((runner) => runner.work(over, abandon))]);
    try {
      await Promise.race([ended, aborted(left.signal)]);
      if (left.signal.aborted) this.#log.warn('passes go on although they were cut off; they are left behind');
    } finally {
      for (const forget of forgetLimits) forget();
    }
  }

  async #close(): Promise<void> {
    const limit = this.#lost.signal.aborted ? AbortSignal.abort() : AbortSignal.timeout(flushLimit);
    await Promise.all(this.#recorders.map((recorder) => recorder.flush(limit)));
    await this.#tenure?.release();
    for (const each of this.#beside.toReversed()) await each.stop();
    await this.#client.close();
    this.#log.info('stopped');
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Calls back once, `ms` after the signal. @returns forgets it */
function afterAbort(signal: AbortSignal, ms: Millis, clock: Clock, callback: () => void): () => void {
  let timer: Timer | undefined;
  const start = () => {
    timer = clock.setTimeout(callback, ms);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return () => {
    signal.removeEventListener('abort', start);
    timer?.cancel();
  };
}
