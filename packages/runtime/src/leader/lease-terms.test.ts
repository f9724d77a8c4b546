import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../duration.ts';
import { leaseTerms } from './lease-terms.ts';

describe('the terms of a lease', () => {
  it('are those of client-go unless told', () => {
    expect(leaseTerms()).toEqual({ leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 });
  });

  it.each([
    ['others could take it while its holder still writes', { leaseDurationMs: seconds(10) }],
    ['there is no time for a second try', { retryPeriodMs: seconds(5) }],
    ['renewals would never pause', { retryPeriodMs: millis(0) }],
  ])('are refused when %s', (_why, terms) => {
    expect(() => leaseTerms(terms)).toThrow(/lease terms do not fit \(duration \d+ ms, .*must be longer/);
  });
});
