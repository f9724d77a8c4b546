import { FakeClock } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

it('lets a burst go, then one for each refill, for each key by itself', async () => {
  const clock = new FakeClock();
  const buckets = new TokenBuckets({ clock, burst: 2, refillMs: 1_000 });
  const takes = (key: string, count: number) => Array.from({ length: count }, () => buckets.take(key));
  expect(takes('a', 3)).toEqual([true, true, false]);
  expect(takes('b', 1)).toEqual([true]);
  await clock.advance(1_000);
  expect(takes('a', 2)).toEqual([true, false]);
  await clock.advance(60_000);
  expect(takes('a', 3)).toEqual([true, true, false]);
});

it('tells a bounded number of keys apart, and lets the quietest start anew', () => {
  const clock = new FakeClock();
  const buckets = new TokenBuckets({ clock, burst: 1, refillMs: 1_000 });
  buckets.take('quiet');
  for (let index = 0; index < 5_000; index += 1) buckets.take(`key-${index}`);
  expect([buckets.take('quiet'), buckets.take('key-4999')]).toEqual([true, false]);
});
