import type { Lease } from '@capstan/kube';
import { seconds } from '../duration.ts';
import { LeaseObservation } from './lease-observation.ts';
import { holderOf } from './lease-record.ts';

/** No rival is ever this process. */
const nobody = '';

/** What client-go takes, for a lease that does not tell. */
const usualDuration = seconds(15);

/** Whoever may write Leases anywhere could have us wait for ever by one write; what really leads renews far more often. */
const longestDuration = seconds(300);

/** Who holds a lease. */
export interface LeaseHolder {
  readonly name: string;
  /** Whether it was seen to do something, other than being found there. */
  readonly isAlive: boolean;
}

/**
 * What is seen of one lease of a rival. A holder that was there when the first look began may have died long ago: whether it
 * is alive shows within the duration of its lease.
 */
export class RivalLease {
  readonly #observation = new LeaseObservation(nobody, usualDuration);
  #holder: LeaseHolder | undefined;

  /** From when on nobody can be at work, in monotonic ms: in the past when nobody holds it. */
  get freeAt(): number {
    return this.#observation.freeAt;
  }

  /**
   * Takes note of the lease (`undefined`: it is not there) as it was at monotonic `at`.
   * @param isNews whether it came or changed while we looked, other than being found there
   */
  saw(lease: Lease | undefined, at: number, isNews: boolean): void {
    const before = this.freeAt;
    this.#observation.saw(lease && withinReason(lease), at);
    if (this.freeAt === before) return;
    const name = holderOf(this.#observation.lease);
    this.#holder = name === undefined ? undefined : { name, isAlive: isNews };
  }

  /** Who may be at work at monotonic `at`. */
  holder(at: number): LeaseHolder | undefined {
    return at < this.freeAt ? this.#holder : undefined;
  }
}

function withinReason(lease: Lease): Lease {
  const { leaseDurationSeconds = 0 } = lease.spec ?? {};
  const most = longestDuration / 1_000;
  return leaseDurationSeconds <= most ? lease : { ...lease, spec: { ...lease.spec, leaseDurationSeconds: most } };
}
