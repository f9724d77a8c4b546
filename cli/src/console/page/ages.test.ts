import { describe, expect, it } from 'vitest';
import { age, durationText } from './ages.js';

const now = Date.parse('2026-11-28T10:00:00Z');

describe('an age', () => {
  it.each([
    ['2026-11-28T09:59:59.500Z', '0s'],
    ['2026-11-28T09:59:15Z', '45s'],
    ['2026-11-28T09:59:00Z', '1m'],
    ['2026-11-28T06:30:00Z', '3h'],
    ['2026-11-16T09:00:00Z', '12d'],
    ['2024-11-01T00:00:00Z', '2y'],
    ['2026-11-28T10:05:00Z', '0s'],
    ['not a time', ''],
  ])('of %s is %j', (iso, told) => {
    expect(age(iso, now)).toBe(told);
  });
});

describe('a duration', () => {
  it.each([
    [3.4, '3 ms'],
    [999, '999 ms'],
    [1204, '1.2 s'],
    [240_000, '4 min'],
  ])('of %d ms reads %s', (ms, told) => {
    expect(durationText(ms)).toBe(told);
  });
});
