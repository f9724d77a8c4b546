import { describe, expect, it } from 'vitest';
import { row } from './row.fixture.ts';
import { summaryLine, tallyOf, timeoutFailure } from './settle.ts';

const ready = row();
const unready = row({ name: 'secure', verdict: { kind: 'Unready', why: 'SecurityEnforced=False' } });
const waiting = row({
  name: 'slow',
  inWords: '1/3 ready',
  verdict: { kind: 'Waiting', why: 'Ready=False, Starting: no quorum yet' },
});

describe('settling', () => {
  it('is not over while one resource is on its way', () => {
    expect(tallyOf([ready, waiting, unready])).toBeUndefined();
  });

  it('is over when every resource is Ready or has said that it cannot be', () => {
    expect(tallyOf([ready, unready])).toEqual({ ready: [ready], unready: [unready] });
  });

  it('ends with a line that a script can read', () => {
    expect(summaryLine({ ready: [ready], unready: [unready] }, 14_249)).toBe('ready: 1/2 in 14.2 s');
  });

  it('names what is missing, and why, when time is up', () => {
    const { message, details } = timeoutFailure([ready, waiting, unready], 180_000);
    expect([message, details]).toEqual([
      'not ready after 3 min 0 s: 1 of 3 resources',
      ['shop/slow: 1/3 ready; Ready=False, Starting: no quorum yet'],
    ]);
  });
});
