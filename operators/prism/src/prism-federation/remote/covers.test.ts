import { describe, expect, it } from 'vitest';
import { covers } from './covers.ts';

describe('a live value', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{}, { a: undefined }, false],
    [{ a: [{ x: 1, y: 2 }] }, { a: [{ x: 1 }] }, true],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: [] }, { a: {} }, true],
    [undefined, { a: 1 }, false],
    [{}, JSON.parse('{"constructor": {}}'), false],
  ])('%j covers %j: %s', (live, wanted, expected) => {
    expect(covers(live, wanted)).toBe(expected);
  });
});
