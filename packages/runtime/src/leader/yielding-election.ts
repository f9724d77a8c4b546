import type { Clock } from '@capstan/kube';
import type { Logger } from 'pino';
import { type Millis, minutes } from '../duration.ts';
import type { ManagerContext } from '../runnable.ts';
import type { Election, Tenure } from './leadership.ts';
import { ApiLeaseSight } from './lease-sight.ts';
import { describeRival, type RivalHolder } from './rival.ts';
import type { RivalCensus } from './rival-census.ts';
import { RivalWatch } from './rival-watch.ts';
import { YieldingTenure } from './yielding-tenure.ts';

/** A rival at work is told of again, for those who look into the log later. */
const tellEvery: Millis = minutes(5);

export interface YieldingElectionOptions {
  readonly census: RivalCensus;
  readonly watch: RivalWatch;
  /** Makes the election among processes of this operator, once for each try. */
  readonly elect: () => Election;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Leads only while no other operator is at work: stands by until it stops, and ends where it comes later. */
export class YieldingElection implements Election {
  readonly #options: YieldingElectionOptions;
  /** When each rival was told of, by its lease and whether it was seen alive. */
  readonly #told = new Map<string, number>();

  constructor(options: YieldingElectionOptions) {
    this.#options = options;
  }

  /** To be called once: the tenure it ends with looks for rivals until it is released. */
  async campaign(signal: AbortSignal): Promise<Tenure> {
    const { watch, census, clock } = this.#options;
    const watching = new AbortController();
    const endWatch = async () => {
      watching.abort();
      await watch.ended();
    };
    const stop = () => watching.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      await watch.begin(watching.signal);
      return new YieldingTenure(await this.#lead(signal), { census, clock, endWatch });
    } catch (error) {
      await endWatch();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #lead(signal: AbortSignal): Promise<Tenure> {
    for (;;) {
      await this.#untilAlone(signal);
      const tenure = await this.#elect(signal);
      if (tenure !== undefined) return tenure;
    }
  }

  /** Rivals that may be at work are waited for, too: a holder that is alive shows it within the duration of its lease. */
  async #untilAlone(signal: AbortSignal): Promise<void> {
    const { census, clock, log } = this.#options;
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
      signal.throwIfAborted();
      for (const each of census.holders(clock.monotonic())) this.#tell(each);
      await this.#change(Math.min(waitMs, tellEvery), signal);
    }
    if (this.#told.size > 0) log.info('no other operator is at work any more');
    this.#told.clear();
  }

  #waitMs(): number {
    return this.#options.census.freeAt - this.#options.clock.monotonic();
  }

  #tell(each: RivalHolder): void {
    const { clock, log } = this.#options;
    const { rival, namespace, holder, isAlive } = each;
    const lease = `${namespace}/${rival.lease}`;
    const key = `${lease} ${isAlive}`;
    if (clock.monotonic() < (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) + tellEvery) return;
    this.#told.set(key, clock.monotonic());
    const who = describeRival(each);
    if (isAlive)
      log.error(
        { lease, holder },
        `another operator is at work: ${who}; this one writes nothing until it stops: scale its Deployment in namespace ${namespace} to zero`,
      );
    else
      log.info(
        { lease, holder },
        `another operator may be at work: ${who}; this one waits to see whether it renews its Lease. If it is gone for good, delete the Lease, and starts need not wait`,
      );
  }

  /** Resolves when something new is seen, and after `ms` at the latest. */
  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const { census, clock } = this.#options;
    const changed = new AbortController();
    const forget = census.onChange(() => changed.abort());
    await clock.sleep(ms, AbortSignal.any([signal, changed.signal])).catch(() => undefined);
    forget();
    signal.throwIfAborted();
  }

  /** Stands for election among our own; `undefined` when a rival came meanwhile. */
  async #elect(signal: AbortSignal): Promise<Tenure | undefined> {
    const { census, clock, elect } = this.#options;
    const came = new AbortController();
    const forget = census.onChange(() => {
      if (census.atWork(clock.monotonic()).length > 0) came.abort(new Error('another operator is at work'));
    });
    try {
      const tenure = await elect().campaign(AbortSignal.any([signal, came.signal]));
      if (!came.signal.aborted) return tenure;
      await tenure.release();
    } catch (error) {
      if (signal.aborted || !came.signal.aborted) throw error;
    } finally {
      forget();
    }
    return undefined;
  }
}

export interface YieldingOptions {
  readonly census: RivalCensus;
  /** Where rivals are looked for; every namespace where empty. */
  readonly namespaces: readonly string[];
  /** Where they are looked for when not every namespace may be looked into, beside that of the connection. */
  readonly ownNamespaces: readonly string[];
}

/**
 * An election that is held only while no rival is at work. Until then this process stands by, and when one comes later
 * leadership is lost: two operators never write for longer than it takes to see a lease.
 */
export function yielding(
  elect: (context: ManagerContext) => Election,
  { census, namespaces, ownNamespaces }: YieldingOptions,
): (context: ManagerContext) => Election {
  return (context) => {
    const { client, clock, log, connection } = context;
    const sight = new ApiLeaseSight({ client, clock, log });
    const own = [...ownNamespaces, connection.namespace];
    const watch = new RivalWatch({ census, sight, namespaces, ownNamespaces: own, clock, log });
    return new YieldingElection({ census, watch, elect: () => elect(context), clock, log });
  };
}
