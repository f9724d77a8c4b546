import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { Keeping } from './keeping.ts';

function applied(times: number, hash = 'a'): Keeping {
  const keeping = new Keeping();
  for (let time = 0; time < times; time += 1) keeping.applied(hash);
  return keeping;
}

describe('what is applied to a cluster', () => {
  it('is futile when it was applied five times and never seen', () => {
    expect([applied(4).isFutile('a'), applied(5).isFutile('a')]).toEqual([false, true]);
  });

  it('is not futile any more when it is another, or was seen', () => {
    const keeping = applied(5);
    expect(keeping.isFutile('b')).toBe(false);
    keeping.kept();
    expect(keeping.isFutile('a')).toBe(false);
    keeping.applied('a');
    expect(keeping.pause).toBe(seconds(10));
  });

  it('is applied ever more seldom while it is futile', () => {
    expect([4, 5, 6, 7].map((times) => applied(times).pause)).toEqual([10, 20, 40, 80].map(seconds));
    expect(applied(5_000).pause).toBe(minutes(10));
  });
});
