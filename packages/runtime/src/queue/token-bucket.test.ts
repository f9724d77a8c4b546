import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('lets a burst go at once and then one after the other', () => {
    const bucket = new TokenBucket({ passesPerSecond: 2, burst: 3 });
    const went: number[] = [];
    let now = 1_000;
    for (let count = 0; count < 5; count += 1) {
      now = bucket.nextAt(now);
      bucket.take(now);
      went.push(now);
    }
    expect(went).toEqual([1_000, 1_000, 1_000, 1_500, 2_000]);
  });

  it('never saves more than a burst', () => {
    const bucket = new TokenBucket({ passesPerSecond: 10, burst: 2 });
    bucket.take(0);
    for (const _each of [1, 2]) bucket.take(60_000);
    expect(bucket.nextAt(60_000)).toBe(60_100);
  });

  it.each([
    [{ passesPerSecond: 0, burst: 1 }, /passesPerSecond is 0/],
    [{ passesPerSecond: Number.NaN, burst: 1 }, /passesPerSecond is NaN/],
    [{ passesPerSecond: 1, burst: 0 }, /burst is 0/],
  ])('refuses the rate %j, under which nothing would go', (rate, message) => {
    expect(() => new TokenBucket(rate)).toThrow(message);
  });
});
