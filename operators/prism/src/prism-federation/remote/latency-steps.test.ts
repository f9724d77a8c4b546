import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyStep } from './latency-steps.ts';

describe('a latency that is told', () => {
  it.each([
    [0.4, undefined, 1],
    [16, undefined, 20],
    [21, 20, 20],
    [26, 20, 30],
    [14, 20, 20],
    [11, 20, 15],
    [1e6, undefined, 60_000],
  ])('is, for %d ms after %s, %d ms', (latency, before, told) => {
    expect(latencyStep(latency, before)).toBe(told);
  });

  it('does not go to and fro for one that hardly changes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 9_000, noNaN: true }),
        fc.array(fc.double({ min: 0.95, max: 1.05, noNaN: true })),
        (base, jitter) => {
          const told: number[] = [];
          for (const factor of [1, ...jitter]) told.push(latencyStep(base * factor, told.at(-1)));
          expect(told.filter((step, index) => index > 0 && step !== told[index - 1]).length).toBe(0);
        },
      ),
    );
  });
});
