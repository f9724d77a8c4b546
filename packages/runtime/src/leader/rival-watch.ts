import type { Clock } from '@capstan/kube';
import type { Logger } from 'pino';
import { type Millis, minutes, seconds } from '../duration.ts';
import type { LeaseSight, LeaseWitness } from './lease-sight.ts';
import type { Rival } from './rival.ts';
import type { RivalCensus } from './rival-census.ts';

/** A permission that was missing is asked for again: it may have been given meanwhile, or the API server was just starting. */
const askAgainAfter: Millis = minutes(5);

/** One that was there a moment ago is missed most likely by an API server that is starting; a rival is forgotten in 15 s. */
const soon: Millis = seconds(3);
const soonAtMost = 20;

export interface RivalWatchOptions {
  readonly census: RivalCensus;
  readonly sight: LeaseSight;
  /** Where rivals are looked for; in every namespace, where that is allowed, unless told. */
  readonly namespaces?: readonly string[];
  /** Where they are looked for when not every namespace may be looked into. */
  readonly ownNamespaces: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks for other operators, wherever this process may look, and says once where it may not. */
export class RivalWatch {
  readonly #options: RivalWatchOptions;
  readonly #running: Promise<void>[] = [];

  constructor(options: RivalWatchOptions) {
    this.#options = options;
  }

  /**
   * Begins to look, until the signal. Resolves when every place was looked into once, or may not be looked into.
   * @throws the reason of the signal when that aborts first
   */
  async begin(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#options.census.rivals.map((rival) => this.#lookFor(rival, signal)));
    signal.throwIfAborted();
  }

  /** Resolves after the signal, when nothing of it runs any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #lookFor(rival: Rival, signal: AbortSignal): Promise<void> {
    const { namespaces = [], ownNamespaces, log } = this.#options;
    if (namespaces.length > 0) return this.#lookIn(rival, namespaces, signal);
    if (await this.#look(rival, undefined, signal)) return;
    const own = [...new Set(ownNamespaces)];
    log.warn(
      { lease: rival.lease, namespaces: own },
      `${rival.what} is looked for in these namespaces only, and would not be noticed in others: list and watch of Leases of that name are not allowed cluster-wide`,
    );
    await this.#lookIn(rival, own, signal);
  }

  async #lookIn(rival: Rival, namespaces: readonly string[], signal: AbortSignal): Promise<void> {
    const seen = await Promise.all(
      namespaces.map(async (namespace) => ({ namespace, isSeen: await this.#look(rival, namespace, signal) })),
    );
    const unseen = seen.filter(({ isSeen }) => !isSeen).map(({ namespace }) => namespace);
    if (unseen.length > 0)
      this.#options.log.warn(
        { lease: rival.lease, namespaces: unseen },
        `${rival.what} would not be noticed in these namespaces: list and watch of Leases of that name are not allowed there`,
      );
  }

  /** Whether it could be looked into; true when the signal ended the try. */
  #look(rival: Rival, namespace: string | undefined, signal: AbortSignal): Promise<boolean> {
    const first = Promise.withResolvers<boolean>();
    this.#running.push(this.#keepLooking(rival, namespace, first.resolve, signal));
    return first.promise;
  }

  async #keepLooking(
    rival: Rival,
    namespace: string | undefined,
    decided: (isSeen: boolean) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { census, sight, clock, log } = this.#options;
    let soonLeft = 0;
    while (!signal.aborted) {
      let hasLooked = false;
      const witness: LeaseWitness = {
        saw: (where, lease, isNews) => census.saw({ rival, namespace: where, lease, isNews }, clock.monotonic()),
        looked: () => {
          hasLooked = true;
          decided(true);
        },
      };
      const end = await sight.follow({ lease: rival.lease, namespace }, witness, signal);
      if (end === 'forbidden' && hasLooked)
        log.warn(
          { lease: rival.lease, namespace },
          `${rival.what} would not be noticed any more: the permission is gone`,
        );
      decided(end === 'stopped');
      soonLeft = hasLooked ? soonAtMost : soonLeft - 1;
      await clock.sleep(soonLeft > 0 ? soon : askAgainAfter, signal).catch(() => undefined);
    }
    decided(true);
  }
}
