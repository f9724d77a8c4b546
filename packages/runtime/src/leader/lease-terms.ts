import { type Millis, seconds } from '../duration.ts';

/** The times of an election. */
export interface LeaseTerms {
  /** How long the others wait after they last saw the holder renew; 15 s unless told, rounded up to whole seconds. */
  readonly leaseDurationMs: Millis;
  /** How long the holder trusts its last renewal, counted from when it was sent; 10 s unless told. */
  readonly renewDeadlineMs: Millis;
  /** How long the holder waits between renewals, and others between tries; 2 s unless told. */
  readonly retryPeriodMs: Millis;
}

/** Those of client-go: a crash is noticed within 15 s, and a slow API server has 10 s to answer. */
const defaultTerms: LeaseTerms = {
  leaseDurationMs: seconds(15),
  renewDeadlineMs: seconds(10),
  retryPeriodMs: seconds(2),
};

/**
 * The terms, complete and sound.
 * @throws {RangeError} when a holder could still write while others may take the lease, or could not renew in time
 */
export function leaseTerms(terms: Partial<LeaseTerms> = {}): LeaseTerms {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = { ...defaultTerms, ...terms };
  const isSound = leaseDurationMs > renewDeadlineMs && renewDeadlineMs > 2 * retryPeriodMs && retryPeriodMs > 0;
  if (!isSound) {
    const told = `duration ${leaseDurationMs} ms, renew deadline ${renewDeadlineMs} ms, retry period ${retryPeriodMs} ms`;
    throw new RangeError(
      `lease terms do not fit (${told}): the duration must be longer than the renew deadline, and that longer than two retry periods`,
    );
  }
  return { leaseDurationMs, renewDeadlineMs, retryPeriodMs };
}
