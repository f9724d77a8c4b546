import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laterVersion } from './lookup-version.ts';

const now = '2026-11-20T10:00:00Z';

describe('the version of a lookup', () => {
  it.each([
    ['the first one', undefined, now],
    ['after one of ours', '2026-11-20T09:59:59Z', now],
    ['after one that sorts before any time', '1', now],
    ['after one that sorts behind any time', 'v7', `v7 ${now}`],
    ['after one of ours behind such a one', 'v7 2026-11-20T09:59:59Z', `v7 ${now}`],
    ['a second one at the same time', now, `${now}.`],
    ['a second one at the same time behind such a one', `v7 ${now}`, `v7 ${now}.`],
    ['with a clock that was set back', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z.'],
  ])('is the time where that will do: %s', (_what, current, expected) => {
    expect(laterVersion(current, now)).toBe(expected);
  });

  it('always sorts after the one that Druid has, and never before the time', () => {
    const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') });
    const version = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      time.map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(version, time, (current, date) => {
        const later = laterVersion(current, date.toISOString());
        expect(later > current && later >= date.toISOString()).toBe(true);
      }),
    );
  });

  it('stays short, however often it is set', () => {
    let version = 'zz';
    for (let second = 0; second < 60; second += 1)
      version = laterVersion(version, new Date(second * 1_000).toISOString());
    expect(version.length).toBeLessThan(32);
  });
});
