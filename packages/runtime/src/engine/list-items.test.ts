import { describe, expect, it } from 'vitest';
import { elementOf, itemFinder, pairItems } from './list-items.ts';

const UDP = 'k:{"port":53,"protocol":"UDP"}';
const TCP = 'k:{"port":53,"protocol":"TCP"}';

describe('list items and their elements', () => {
  it('trap 5: exact pairs first, so that a defaulted key field does not take the element of another item', () => {
    const items = [{ port: 53 }, { port: 53, protocol: 'UDP' }];
    expect(pairItems(items, { [UDP]: {}, [TCP]: {} })).toEqual({ elements: [TCP, UDP], unclaimed: [] });
  });

  it('names what has no partner on either side', () => {
    expect(pairItems([{ name: 'a' }, { name: 'b' }], { 'k:{"name":"a"}': {}, 'k:{"name":"c"}': {} })).toEqual({
      elements: ['k:{"name":"a"}', undefined],
      unclaimed: ['k:{"name":"c"}'],
    });
  });

  it('pairs the values of a set', () => {
    expect(pairItems(['x', 1], { '.': {}, 'v:"x"': {}, 'v:1': {} })).toEqual({
      elements: ['v:"x"', 'v:1'],
      unclaimed: [],
    });
  });

  it('finds live items wherever they stand (trap 6: order is nobody’s)', () => {
    const find = itemFinder(
      [
        { port: 53, protocol: 'UDP', x: 1 },
        { port: 53, protocol: 'TCP', x: 2 },
      ],
      { [TCP]: {}, [UDP]: {} },
    );
    expect([find(TCP), find(UDP), find('k:{"port":1,"protocol":"TCP"}')]).toEqual([
      { port: 53, protocol: 'TCP', x: 2 },
      { port: 53, protocol: 'UDP', x: 1 },
      undefined,
    ]);
  });

  it.each([
    ['as others have it', { port: 53 }, [{ [TCP]: {} }], TCP],
    ['by the key fields of its siblings', { port: 54, x: 1 }, [{ [TCP]: {} }], 'k:{"port":54}'],
    ['as a value of a set', 'y', [{ 'v:"x"': {} }], 'v:"y"'],
    ['by its index where nothing tells the key', { port: 54 }, [], 'i:3'],
  ])('names a lost item %s', (_title, item, siblings, element) => {
    expect(elementOf(item, 3, siblings)).toBe(element);
  });
});
