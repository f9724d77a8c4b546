import { isDeepStrictEqual } from 'node:util';
import type { Lease } from '@capstan/kube';
import { isNewer } from '../cache/resource-version.ts';
import { holderOf } from './lease-record.ts';

/**
 * What one process has seen of a lease, and when, on its own monotonic clock. The times in the lease come from another
 * clock and are never compared with ours: a lease is free when nobody changed it for its whole duration while we looked.
 */
export class LeaseObservation {
  readonly #identity: string;
  readonly #ownDurationMs: number;
  #lease: Lease | undefined;
  #isKnown = false;
  #freeAt = Number.NEGATIVE_INFINITY;

  /** @param ownDurationMs stands in for a duration that the lease does not tell */
  constructor(identity: string, ownDurationMs: number) {
    this.#identity = identity;
    this.#ownDurationMs = ownDurationMs;
  }

  /** As last seen; `undefined` when it was not there. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** Whether anything has been seen yet. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** From when on it may be taken, in monotonic ms: in the past when nobody holds it. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** Takes note of the lease (`undefined`: it is not there) as it was at monotonic `at`. Older news than those known are ignored. */
  saw(lease: Lease | undefined, at: number): void {
    const before = this.#lease;
    if (lease !== undefined && before !== undefined && isSameObject(lease, before) && isNewer(before, lease)) return;
    const isFirst = !this.#isKnown;
    this.#isKnown = true;
    this.#lease = lease;
    // Whoever held a lease that somebody deleted may still be at work: its time is waited out.
    if (lease === undefined) return;
    if (isFirst || before === undefined || !isDeepStrictEqual(lease.spec, before.spec))
      this.#freeAt = this.#free(lease, at);
  }

  #free(lease: Lease, at: number): number {
    const holder = holderOf(lease);
    if (holder === undefined || holder === this.#identity) return Number.NEGATIVE_INFINITY;
    const told = lease.spec?.leaseDurationSeconds ?? 0;
    return at + (told > 0 ? told * 1_000 : this.#ownDurationMs);
  }
}

function isSameObject(a: Lease, b: Lease): boolean {
  return a.metadata.uid === b.metadata.uid;
}
