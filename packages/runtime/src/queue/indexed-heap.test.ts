import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexedHeap } from './indexed-heap.ts';

interface Item {
  rank: number;
}

const step = fc.oneof(
  fc.record({ does: fc.constant('put' as const), rank: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ does: fc.constant('move' as const), which: fc.nat(), rank: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ does: fc.constant('remove' as const), which: fc.nat() }),
  fc.record({ does: fc.constant('pop' as const) }),
);

describe('an indexed heap', () => {
  it('gives out the least item, however items were added, moved and removed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new IndexedHeap<Item>((a, b) => a.rank < b.rank);
        const model = new Set<Item>();
        for (const each of steps) {
          const chosen = 'which' in each ? [...model][each.which % Math.max(1, model.size)] : undefined;
          if (each.does === 'put') {
            const item = { rank: each.rank };
            model.add(item);
            heap.put(item);
          } else if (each.does === 'move' && chosen !== undefined) {
            chosen.rank = each.rank;
            heap.put(chosen);
          } else if (each.does === 'remove' && chosen !== undefined) {
            expect(heap.remove(chosen)).toBe(model.delete(chosen));
          } else if (each.does === 'pop') {
            const popped = heap.pop();
            const least = Math.min(...[...model].map(({ rank }) => rank));
            expect(popped?.rank).toBe(model.size === 0 ? undefined : least);
            if (popped !== undefined) model.delete(popped);
          }
          expect(heap.size).toBe(model.size);
        }
      }),
    );
  });

  it('says whether it holds an item', () => {
    const heap = new IndexedHeap<Item>((a, b) => a.rank < b.rank);
    const item = { rank: 1 };
    heap.put(item);
    expect([heap.has(item), heap.has({ rank: 1 }), heap.remove({ rank: 1 })]).toEqual([true, false, false]);
    heap.clear();
    expect([heap.has(item), heap.peek()]).toEqual([false, undefined]);
  });
});
