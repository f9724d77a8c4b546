import { describe, expect, it } from 'vitest';
import { forEachAtOnce } from './pool.ts';

describe('a pool', () => {
  it('does everything once, and never more at once than it is wide', async () => {
    const done: number[] = [];
    let [running, most] = [0, 0];
    await forEachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      done.push(item);
    });
    expect([done.toSorted(), most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3]);
  });

  it('ends with the first error', async () => {
    await expect(forEachAtOnce([1, 2, 3], 2, (item) => Promise.reject(new Error(`no ${item}`)))).rejects.toThrow(
      'no 1',
    );
  });
});
