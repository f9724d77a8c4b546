import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

test.each([
  ['a\n  b', 'a b'],
  ['red \u001b[31m', 'red  [31m'],
  ['a\tb\u0007', 'a b '],
  ['Ägypten €', 'Ägypten €'],
])('%j is shown as %j', (text, shown) => {
  expect(oneLine(text)).toBe(shown);
});
