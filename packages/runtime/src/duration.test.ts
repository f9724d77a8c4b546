import { describe, expect, it } from 'vitest';
import { millis, minutes, seconds } from './duration.ts';

describe('a length of time', () => {
  it('is in milliseconds, whatever it is given in', () => {
    expect([millis(5), seconds(30), minutes(5), seconds(0.25)]).toEqual([5, 30_000, 300_000, 250]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d', (count) => {
    expect(() => seconds(count)).toThrow(RangeError);
  });
});
