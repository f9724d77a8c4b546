import { isDeepStrictEqual } from 'node:util';
import type { Clock, KubeClient, ObjectRef } from '@capstan/kube';
import { type Millis, seconds } from '@capstan/runtime';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { Keeping } from './keeping.ts';
import type { OneObject } from './one-object.ts';
import { Permit } from './permit.ts';
import {
  bodyOf,
  hashOf,
  isAsWanted,
  isOwned,
  notKept,
  notOwned,
  type Owner,
  type Propagation,
  propagate,
  refused,
  type WantedCluster,
  withdraw,
} from './propagated.ts';
import { Wake } from './wake.ts';

export interface WriterTarget {
  readonly owner: Owner;
  /** The PrismCluster there. */
  readonly at: ObjectRef & { readonly namespace: string };
  /** Of each request. */
  readonly timeout: Millis;
}

export interface WriterOptions {
  readonly client: KubeClient;
  /** What is there, as the session sees it. */
  readonly seen: OneObject<PrismCluster>;
  readonly clock: Clock;
  /** Told when anything about what is written may be different. */
  readonly onNews: () => void;
  /** Told when something is to be written, for which a pass has to {@link RemoteWriter.want} it again. */
  readonly onDue: () => void;
}

/** What was refused is tried again after so long. */
const afterRefusal = seconds(30);

/** The hand of a federation in one remote cluster: keeps the PrismCluster there as a pass wants it. */
export class RemoteWriter {
  readonly #target: WriterTarget;
  readonly #options: WriterOptions;
  readonly #keeping = new Keeping();
  readonly #permit: Permit;
  readonly #wake: Wake;
  #wanted: WantedCluster | undefined;
  #propagation: Propagation | undefined;
  #nextWrite = 0;
  #isDue = false;
  #isWriting = false;

  constructor(target: WriterTarget, options: WriterOptions) {
    this.#target = target;
    this.#options = options;
    this.#permit = new Permit(options.clock);
    this.#wake = new Wake(options.clock);
  }

  /** What is to be there by the pass that runs now; nothing is written without one. */
  want(wanted: WantedCluster | undefined): void {
    this.#permit.give();
    if (this.#isDue) this.#wake.up();
    if (isDeepStrictEqual(wanted, this.#wanted)) return;
    this.#wanted = wanted;
    this.#propagation = undefined;
    this.#wake.up();
  }

  /** How far it is; `undefined` where nothing is to be there. */
  get propagation(): Propagation | undefined {
    return this.#wanted && (this.#propagation ?? notYet);
  }

  /** What is there has changed. */
  look(): void {
    this.#wake.up();
  }

  /**
   * Deletes the PrismCluster that was propagated; true when it is gone, and nothing is on its way that would make it anew.
   * @throws {ApiError} or {TransportError} when that cannot be done now
   */
  async remove(signal: AbortSignal): Promise<boolean> {
    this.want(undefined);
    if (this.#isWriting) return false;
    return withdraw(this.#options.client, this.#target.at, this.#target.owner, signal);
  }

  /** Writes until the signal; never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const waitMs = await this.#propagateOnce(stop).catch(() => this.#failed());
      if (!stop.aborted) await this.#wake.wait(waitMs, stop);
    }
  }

  /** How long nothing need be done unless something happens, in ms. */
  async #propagateOnce(stop: AbortSignal): Promise<number> {
    const { seen, clock, onDue } = this.#options;
    const wanted = this.#wanted;
    if (wanted === undefined || !seen.isSynced) return afterRefusal;
    const body = bodyOf(this.#target.at, wanted, this.#target.owner);
    const settled = this.#settled(seen.object, body);
    if (settled !== undefined) return this.#became(wanted, settled);
    const early = this.#nextWrite - clock.monotonic();
    if (early > 0) return this.#isFutile(body) ? this.#became(wanted, notKept(seen.object, body), early) : early;
    this.#isDue = !this.#permit.isThere;
    if (this.#isDue) onDue();
    if (this.#isDue) return afterRefusal;
    const written = await this.#write(body, stop);
    if (written.is !== 'Working' || !this.#isFutile(body)) return this.#became(wanted, written);
    return this.#became(wanted, notKept(seen.object, body), this.#keeping.pause);
  }

  /** Why nothing is to be written, if so. */
  #settled(live: PrismCluster | undefined, body: ReturnType<typeof bodyOf>): Propagation | undefined {
    if (live === undefined) return undefined;
    if (!isOwned(live, this.#target.owner)) return notOwned(this.#target.owner);
    if (live.metadata.deletionTimestamp !== undefined) return goingAway;
    if (!isAsWanted(live, body)) return undefined;
    this.#keeping.kept();
    return inSync;
  }

  /** Whether this was applied over and over, and is not kept there. */
  #isFutile(body: ReturnType<typeof bodyOf>): boolean {
    return this.#keeping.isFutile(hashOf(body));
  }

  async #write(body: ReturnType<typeof bodyOf>, stop: AbortSignal): Promise<Propagation> {
    const { owner, at, timeout } = this.#target;
    const { clock } = this.#options;
    this.#isWriting = true;
    try {
      const written = await propagate(this.#options.client, body, owner, { signal: stop, timeoutMs: timeout });
      if (written.is === 'Working') this.#keeping.applied(hashOf(body));
      return written;
    } catch (error) {
      return refused(error, at.namespace);
    } finally {
      this.#isWriting = false;
      this.#nextWrite = clock.monotonic() + this.#keeping.pause;
    }
  }

  #failed(): number {
    const failed: Propagation = { is: 'Blocked', reason: 'Failed', message: 'What is there cannot be understood' };
    return this.#wanted === undefined ? afterRefusal : this.#became(this.#wanted, failed);
  }

  #became(wanted: WantedCluster, propagation: Propagation, nextMs?: number): number {
    if (wanted !== this.#wanted) return 0;
    this.#propagation = propagation;
    this.#options.onNews();
    return nextMs ?? (propagation.is === 'Working' ? this.#keeping.pause : afterRefusal);
  }
}

const notYet: Propagation = {
  is: 'Working',
  reason: 'Waiting',
  message: 'It is applied as soon as the cluster answers.',
};
const inSync: Propagation = { is: 'InSync', reason: 'InSync', message: 'The PrismCluster is as the federation says.' };
const goingAway: Propagation = {
  is: 'Working',
  reason: 'Terminating',
  message: 'The PrismCluster is being deleted; it is made anew then.',
};
