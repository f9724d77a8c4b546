import { describe, expect, it } from 'vitest';
import { shortened } from './shortened.ts';

describe('a text from outside', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['', 3, ''],
  ])('%s has at most %i characters: %s', (text, length, expected) => {
    expect(shortened(text, length)).toBe(expected);
  });
});
