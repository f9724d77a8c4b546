import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../duration.ts';
import { releasedLease, renewedLease, takenLease } from './lease-record.ts';
import { leaseTerms } from './lease-terms.ts';

const name = { namespace: 'system', name: 'operator' };
const claim = { identity: 'a', terms: leaseTerms(), annotations: { 'capstan.dev/debug-url': 'http://a' } };
const at = Date.parse('2026-01-01T00:00:00.120Z');

/** As the API server would keep it. */
function stored(before?: Parameters<typeof takenLease>[0], who = claim) {
  const lease = takenLease(before, name, who, at);
  return { ...lease, metadata: { ...lease.metadata, ...name, resourceVersion: '7', uid: 'u' } };
}

describe('a lease', () => {
  it('says who holds it, for how long, and since when, in microseconds', () => {
    expect(stored().spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.120000Z',
      renewTime: '2026-01-01T00:00:00.120000Z',
      leaseTransitions: 0,
    });
  });

  it('counts each tenure, also the second of the same process', () => {
    const second = stored(stored());
    expect(second.spec?.leaseTransitions).toBe(1);
    expect(stored(second, { ...claim, identity: 'b' }).spec?.leaseTransitions).toBe(2);
  });

  it('moves nothing but its renewal while it is held', () => {
    const lease = stored();
    expect(renewedLease(lease, at + 2_000)).toEqual({
      ...lease,
      spec: { ...lease.spec, renewTime: '2026-01-01T00:00:02.120000Z' },
    });
  });

  it('belongs to nobody when it is released, and no longer says where the leader listens', () => {
    const lease = stored();
    const annotated = {
      ...lease,
      metadata: { ...lease.metadata, annotations: { ...claim.annotations, note: 'kept' } },
    };
    const released = releasedLease(annotated, claim, at);
    expect(released.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
    expect(released.metadata.annotations).toEqual({ note: 'kept' });
  });

  it('keeps what others put into it', () => {
    const foreign = stored();
    const taken = takenLease({ ...foreign, spec: { ...foreign.spec, preferredHolder: 'c' } }, name, claim, at);
    expect(taken.spec?.preferredHolder).toBe('c');
    expect(taken.metadata.resourceVersion).toBe('7');
  });

  it('has a duration in whole seconds that is never shorter than told', () => {
    const terms = leaseTerms({
      leaseDurationMs: millis(3_200),
      renewDeadlineMs: seconds(2),
      retryPeriodMs: millis(500),
    });
    expect(takenLease(undefined, name, { ...claim, terms }, at).spec?.leaseDurationSeconds).toBe(4);
  });
});
