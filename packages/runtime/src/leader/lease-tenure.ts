import { ApiError, type Clock, type Lease, type Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import { LeadershipLost, type Tenure } from './leadership.ts';
import { type Claim, holderOf, type LeaseName, releasedLease, renewedLease } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';

export interface LeaseTenureOptions {
  readonly store: LeaseStore;
  readonly name: LeaseName;
  readonly claim: Claim;
  readonly clock: Clock;
  /** In [0, 1); spreads renewals. */
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * Holds a lease by renewing it, for as long as the API server agrees in time.
 *
 * A renewal counts from the moment it was *sent*, on the monotonic clock, and whether it still counts is worked out when
 * somebody asks: a process that was stopped or starved knows the moment it runs again that it must not write. Every write
 * of the lease replaces exactly the version written before, so a renewal that succeeds proves that nobody held it between.
 */
export class LeaseTenure implements Tenure {
  readonly term: number;
  readonly #options: LeaseTenureOptions;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #hurry = new AbortController();
  #lease: Lease;
  #renewedAt: number;
  #isReleased = false;
  #lastError: unknown;
  #watchdog: Timer | undefined;
  readonly #renewing: Promise<void>;

  /** @param lease as it was taken; @param sentAt when the request that took it was sent, in monotonic ms */
  constructor(lease: Lease, sentAt: number, options: LeaseTenureOptions) {
    this.#options = options;
    this.#lease = lease;
    this.#renewedAt = sentAt;
    this.term = lease.spec?.leaseTransitions ?? 0;
    this.#watch();
    this.#renewing = this.#keepRenewing();
  }

  get isHeld(): boolean {
    return !this.#isReleased && !this.#lost.signal.aborted && this.#remainingMs() > 0;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    this.#end();
    if (!this.#lost.signal.aborted) {
      await this.#renewing;
      await this.#giveUp();
    }
    await this.#options.store.close();
  }

  #remainingMs(): number {
    return this.#renewedAt + this.#options.claim.terms.renewDeadlineMs - this.#options.clock.monotonic();
  }

  /** Wakes up when the last renewal expires, whatever request is still under way then. */
  #watch(): void {
    const { clock } = this.#options;
    this.#watchdog = clock.setTimeout(() => {
      // The answer may be waiting behind whatever kept this process busy: look at the network once, then judge.
      this.#watchdog = clock.setTimeout(() => this.#judge(), 0);
    }, this.#remainingMs());
  }

  #judge(): void {
    const { terms } = this.#options.claim;
    if (this.#remainingMs() > 0) this.#watch();
    else this.#lose(`was not renewed within ${terms.renewDeadlineMs / 1_000} s`, this.#lastError);
  }

  async #keepRenewing(): Promise<void> {
    const { claim, random } = this.#options;
    const { retryPeriodMs } = claim.terms;
    let pauseMs: number = retryPeriodMs;
    while (!this.#over.signal.aborted) {
      await this.#pause(pauseMs);
      if (this.#over.signal.aborted) return;
      // After a failure there is little time: the next try comes soon.
      pauseMs = (await this.#renewInTime()) ? retryPeriodMs : (retryPeriodMs / 4) * (0.5 + random());
    }
  }

  /**
   * Sends one renewal and waits for it, but not long: the next may be sent while this one is under way, for a server that
   * is slow looks like a connection that is dead. Whichever is answered first counts.
   */
  async #renewInTime(): Promise<boolean> {
    let isRenewed = false;
    const renewal = this.#renew().then((renewed) => {
      isRenewed = renewed;
    });
    await Promise.race([renewal, this.#pause(this.#options.claim.terms.renewDeadlineMs / 4)]);
    return isRenewed;
  }

  /** Ends early when everything is over, or a late answer leaves little time. */
  async #pause(ms: number): Promise<void> {
    const early = AbortSignal.any([this.#over.signal, this.#hurry.signal]);
    await this.#options.clock.sleep(ms, early).catch(() => undefined);
  }

  async #renew(): Promise<boolean> {
    const { clock, store } = this.#options;
    const sentAt = clock.monotonic();
    const before = this.#lease;
    const timeoutMs = Math.max(1, this.#remainingMs());
    try {
      const lease = await store.write(renewedLease(before, clock.now()), timeoutMs);
      this.#renewed(lease, sentAt);
      return true;
    } catch (error) {
      this.#lastError = error;
      // An earlier renewal got through while this one was under way.
      if (this.#lease !== before) return true;
      if (isContradiction(error)) return await this.#lookAgain(timeoutMs);
      this.#complain(error, 'the lease could not be renewed; trying again');
      return false;
    }
  }

  #renewed(lease: Lease, sentAt: number): void {
    this.#lease = lease;
    if (this.#over.signal.aborted || sentAt <= this.#renewedAt) return;
    this.#renewedAt = sentAt;
    this.#watchdog?.cancel();
    this.#watch();
    this.#hurryIfLate(sentAt);
  }

  /** Part of the time that a renewal brings has passed when its answer comes: the next one is to leave at once. */
  #hurryIfLate(sentAt: number): void {
    const { clock, claim } = this.#options;
    if (clock.monotonic() - sentAt < claim.terms.renewDeadlineMs / 4) return;
    this.#hurry.abort();
    this.#hurry = new AbortController();
  }

  /** The version we wrote is not the latest any more: somebody edited it, deleted it, or took it. */
  async #lookAgain(timeoutMs: number): Promise<boolean> {
    const { store, claim } = this.#options;
    try {
      const lease = await store.read(timeoutMs);
      const holder = holderOf(lease);
      if (lease !== undefined && holder !== claim.identity) this.#lose(`is held by ${holder ?? 'nobody'} now`);
      // Not there: the next renewal makes it again, unless another process does so first.
      else this.#lease = lease ?? withoutVersion(this.#lease);
    } catch (error) {
      this.#lastError = error;
      this.#complain(error, 'the lease could not be read; trying again');
    }
    return false;
  }

  /** Not once it is over: requests that are cut off then are expected to fail. */
  #complain(error: unknown, what: string): void {
    if (!this.#over.signal.aborted) this.#options.log.warn({ err: error, ...this.#named() }, what);
  }

  async #giveUp(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#writeReleased(this.#lease).catch((error: unknown) => this.#releaseWhatIsThere(error));
      log.info(this.#named(), 'the lease is released');
    } catch (error) {
      log.warn({ err: error, ...this.#named() }, 'the lease could not be released; others wait until it expires');
    }
  }

  async #writeReleased(lease: Lease): Promise<void> {
    const { clock, store, claim } = this.#options;
    await store.write(releasedLease(lease, claim, clock.now()), claim.terms.renewDeadlineMs / 4);
  }

  /** The last renewal may have been written although its answer was lost. */
  async #releaseWhatIsThere(error: unknown): Promise<void> {
    const { store, claim } = this.#options;
    if (!isContradiction(error)) throw error;
    const lease = await store.read(claim.terms.renewDeadlineMs / 4);
    if (lease !== undefined && holderOf(lease) === claim.identity) await this.#writeReleased(lease);
  }

  #lose(how: string, cause?: unknown): void {
    if (this.#lost.signal.aborted || this.#isReleased) return;
    const { namespace, name } = this.#options.name;
    this.#end();
    this.#lost.abort(new LeadershipLost(`the lease ${namespace}/${name} ${how}`, { cause }));
  }

  #end(): void {
    this.#watchdog?.cancel();
    this.#over.abort();
  }

  #named() {
    const { namespace, name } = this.#options.name;
    return { lease: `${namespace}/${name}` };
  }
}

function isContradiction(error: unknown): boolean {
  return error instanceof ApiError && (error.isConflict || error.isNotFound);
}

/** To be created again. */
function withoutVersion(lease: Lease): Lease {
  const { resourceVersion: _version, uid: _uid, ...metadata } = lease.metadata;
  return { ...lease, metadata };
}
