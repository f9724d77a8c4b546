import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter } from './backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('fullJitter', () => {
  it('stays between nothing and the longest wait, however many attempts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), random, (attempt, chance) => {
        const ms = fullJitter({ baseMs: 100, maxMs: 30_000 }, attempt, () => chance);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(30_000);
      }),
    );
  });

  it('doubles its bound with each attempt', () => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => fullJitter({ baseMs: 100, maxMs: 1_000 }, attempt, () => 1));
    expect(waits).toEqual([100, 200, 400, 800, 1_000]);
  });
});
