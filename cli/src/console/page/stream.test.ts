import { describe, expect, it } from 'vitest';
import { waitAfter } from './stream.js';

describe('the wait before connecting again', () => {
  it.each([
    [1, 500],
    [2, 1000],
    [5, 8000],
    [6, 15_000],
    [400, 15_000],
  ])('after %d failures is %d ms at most', (failures, ms) => {
    expect(waitAfter(failures, 1)).toBe(ms);
  });

  it('is spread, so that not all tabs come at once', () => {
    expect([waitAfter(6, 0), waitAfter(6, 0.5)]).toEqual([11_250, 13_125]);
  });
});
