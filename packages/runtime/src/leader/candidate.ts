import { ApiError, type Clock, type Lease } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Election, Tenure } from './leadership.ts';
import { LeaseObservation } from './lease-observation.ts';
import { type Claim, holderOf, type LeaseName, takenLease } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';
import { LeaseTenure } from './lease-tenure.ts';

export interface CandidateOptions {
  readonly store: LeaseStore;
  readonly name: LeaseName;
  /** Made when the lease is about to be taken. */
  readonly claim: () => Claim;
  readonly clock: Clock;
  /** In [0, 1); spreads tries. */
  readonly random: () => number;
  readonly log: Logger;
}

/** Waits for a lease to be free by watching it, and takes it. */
export class Candidate implements Election {
  readonly #options: CandidateOptions;
  readonly #observation: LeaseObservation;
  #wake: () => void = () => {};
  #holderTold: string | undefined;

  constructor(options: CandidateOptions) {
    this.#options = options;
    const { identity, terms } = options.claim();
    this.#observation = new LeaseObservation(identity, terms.leaseDurationMs);
  }

  /** To be called once: the tenure it ends with closes the connections to the lease. */
  async campaign(signal: AbortSignal): Promise<Tenure> {
    const { store } = this.#options;
    const decided = new AbortController();
    const following = store.follow((lease) => this.#saw(lease), AbortSignal.any([signal, decided.signal]));
    try {
      return await this.#contend(signal);
    } catch (error) {
      await store.close();
      throw error;
    } finally {
      decided.abort();
      await following;
    }
  }

  async #contend(signal: AbortSignal): Promise<Tenure> {
    for (;;) {
      signal.throwIfAborted();
      await this.#untilFree(signal);
      const tenure = await this.#take(signal);
      if (tenure !== undefined) return tenure;
    }
  }

  #saw(lease: Lease | undefined): void {
    const { clock, log, name } = this.#options;
    this.#observation.saw(lease, clock.monotonic());
    const holder = holderOf(this.#observation.lease);
    if (holder !== undefined && holder !== this.#holderTold)
      log.info({ lease: `${name.namespace}/${name.name}`, holder }, 'another process leads; standing by');
    this.#holderTold = holder;
    this.#wake();
  }

  /** The watch usually knows first; where it cannot be had, the lease is looked at when its time should be over. */
  async #untilFree(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (!this.#observation.isKnown) await this.#look(signal);
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
      const changed = new AbortController();
      this.#wake = () => changed.abort();
      await clock.sleep(waitMs, AbortSignal.any([signal, changed.signal])).catch(() => signal.throwIfAborted());
    }
  }

  #waitMs(): number {
    return this.#observation.freeAt - this.#options.clock.monotonic();
  }

  /** Takes the lease, or finds out why that does not work and waits a moment. */
  async #take(signal: AbortSignal): Promise<Tenure | undefined> {
    const { store, name, clock, log, claim: makeClaim } = this.#options;
    const claim = makeClaim();
    const sentAt = clock.monotonic();
    try {
      const wanted = takenLease(this.#observation.lease, name, claim, clock.now());
      const lease = await store.write(wanted, claim.terms.renewDeadlineMs / 2);
      const tenure = new LeaseTenure(lease, sentAt, { ...this.#options, claim });
      if (!signal.aborted) return tenure;
      // Told to stop while the request was under way: nobody is to wait for a holder that never worked.
      await tenure.release();
    } catch (error) {
      if (isTaken(error)) await this.#look(signal);
      else {
        log.warn({ err: error, lease: `${name.namespace}/${name.name}` }, 'the lease could not be taken; trying again');
        await this.#pause(signal);
      }
    }
    return undefined;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { store, claim, log, name } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        this.#saw(await store.read(claim().terms.renewDeadlineMs / 2));
        return;
      } catch (error) {
        log.warn({ err: error, lease: `${name.namespace}/${name.name}` }, 'the lease could not be read; trying again');
        await this.#pause(signal);
      }
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { clock, random, claim } = this.#options;
    await clock.sleep(claim().terms.retryPeriodMs * (0.5 + random()), signal);
  }
}

/** Somebody was faster, or the lease is gone: look again. */
function isTaken(error: unknown): boolean {
  return error instanceof ApiError && (error.isConflict || error.isNotFound);
}
