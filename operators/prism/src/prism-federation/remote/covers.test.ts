import { describe, expect, it } from 'vitest';
import { covers, firstDifference } from './covers.ts';

describe('a live value', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{}, { a: undefined }, false],
    [{ a: [{ x: 1, y: 2 }] }, { a: [{ x: 1 }] }, true],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: [] }, { a: {} }, false],
    [undefined, { a: 1 }, false],
    [{}, JSON.parse('{"constructor": {}}'), false],
  ])('%j covers %j: %s', (live, wanted, expected) => {
    expect(covers(live, wanted)).toBe(expected);
  });
});

describe('the first difference', () => {
  it.each([
    [{ a: 1, b: [{ c: 1 }, { c: 2 }] }, { a: 1, b: [{ c: 1 }, { c: 3 }] }, 'spec.b[1].c'],
    [{ a: 1 }, { a: 1, b: 'secret' }, 'spec.b'],
    [{ a: [1] }, { a: [1, 2] }, 'spec.a'],
    [undefined, { a: 1 }, 'spec'],
    [{ a: 1, b: 2 }, { a: 1 }, undefined],
  ])('of %j from %j is at %s', (live, wanted, expected) => {
    expect(firstDifference(live, wanted, 'spec')).toBe(expected);
  });
});
