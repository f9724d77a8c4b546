import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('every item is worked on once, and never more of them at a time than asked for', async () => {
  const sizes = fc.record({ count: fc.nat(40), width: fc.integer({ min: 1, max: 10 }) });
  await fc.assert(
    fc.asyncProperty(sizes, fc.scheduler(), async ({ count, width }, scheduler) => {
      const items = Array.from({ length: count }, (_, index) => index);
      const seen: number[] = [];
      let [running, most] = [0, 0];
      const all = inParallel(items, { width, isOver: () => false }, async (item) => {
        running += 1;
        most = Math.max(most, running);
        await scheduler.schedule(Promise.resolve());
        running -= 1;
        seen.push(item);
      });
      await scheduler.waitFor(all);
      expect(seen.toSorted((a, b) => a - b)).toEqual(items);
      expect(most).toBe(Math.min(count, width));
    }),
  );
});

test('nothing begins once it is over', async () => {
  const seen: number[] = [];
  await inParallel([1, 2, 3, 4], { width: 1, isOver: () => seen.length === 2 }, async (item) => void seen.push(item));
  expect(seen).toEqual([1, 2]);
});
