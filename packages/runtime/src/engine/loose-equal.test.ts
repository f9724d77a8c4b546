import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseEqual } from './loose-equal.ts';

describe('looseEqual', () => {
  it.each([
    ['quantities of one value', '1Gi', '1024Mi'],
    ['a quantity written as a number', 1, '1'],
    ['a fraction of a core', '0.5', '500m'],
    ['instants in two zones', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'],
    ['left out for false', false, undefined],
    ['left out for zero', 0, undefined],
    ['left out for an empty text', '', undefined],
    ['left out for a map of empty values', { a: { b: [] }, c: '' }, undefined],
    ['a map with more keys', { a: 1 }, { a: 1, b: 2 }],
    ['lists item by item', [{ a: '1Gi' }, 2], [{ a: '1024Mi', b: 1 }, 2]],
  ])('takes as equal: %s', (_title, desired, live) => {
    expect(looseEqual(desired, live)).toBe(true);
  });

  it.each([
    ['other texts', 'a', 'b'],
    ['other quantities', '1Gi', '2Gi'],
    ['a text and a map', 'a', { a: 1 }],
    ['a map and a text', { a: 1 }, 'a'],
    ['a map that lacks a key', { a: 1, b: 2 }, { a: 1 }],
    ['a longer list', [1], [1, 2]],
    ['lists in another order', [1, 2], [2, 1]],
    ['true and nothing', true, undefined],
    ['true and a text', true, 'true'],
    ['numbers', 1, 2],
    ['white space in plain text', 'a b', 'ab'],
    ['a key inherited by every JavaScript object', { constructor: 'x' }, {}],
  ])('takes as different: %s', (_title, desired, live) => {
    expect(looseEqual(desired, live)).toBe(false);
  });

  it('normalises nothing in text: labels, annotations, ConfigMap data', () => {
    expect(looseEqual('1Gi', '1024Mi', 'text')).toBe(false);
    expect(looseEqual('1Gi', '1Gi', 'text')).toBe(true);
  });

  it('ignores white space in base64 only', () => {
    expect(looseEqual('AAEC\nAwQ=', 'AAECAwQ=', 'bytes')).toBe(true);
    expect(looseEqual('1Gi', '1024Mi', 'bytes')).toBe(false);
  });

  it('trap 13: takes every value as equal to what the server returns when it fills in defaults', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (value, defaults) => {
        const live: unknown =
          typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...defaults, ...value } : value;
        expect(looseEqual(value, live)).toBe(true);
      }),
    );
  });

  it('never takes two different plain words as equal', () => {
    const word = fc.stringMatching(/^[a-z]{2,8}$/);
    fc.assert(fc.property(word, word, (a, b) => looseEqual(a, b) === (a === b)));
  });
});
