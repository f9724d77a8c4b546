import { expect, it } from 'vitest';
import { kindOfLine } from './diff.js';

it.each([
  ['@@ -1,7 +1,7 @@', 'place'],
  ['+memory: 2Gi', 'added'],
  ['-memory: 768Mi', 'removed'],
  [' cpu: 500m', 'same'],
  ['', 'same'],
])('the line %j of a difference is %s', (line, kind) => {
  expect(kindOfLine(line)).toBe(kind);
});
