import { describe, expect, it } from 'vitest';
import { readBackOf } from './read-back.ts';

const wanted = { name: 'orders', metadata: { isolation: 'none', patterns: 'keyvalue' } };
const shown = (metadata: Readonly<Record<string, string>>) => [{ name: 'orders', partition: 238, metadata }];
const all = [{ start: 0, end: 255 }];

describe('a namespace that is read back', () => {
  it.each([
    ['Same', all, shown({ patterns: 'keyvalue', isolation: 'none' })],
    ['Differs', all, shown({ isolation: 'none' })],
    ['Differs', all, shown({ isolation: 'none', patterns: 'keyvalue', more: 'yes' })],
    ['Missing', all, []],
    ['Missing', [{ start: 238, end: 238 }], []],
    ['OutOfSight', [{ start: 0, end: 127 }], []],
    ['OutOfSight', [], []],
    ['Same', [], shown(wanted.metadata)],
  ] as const)('is %s where %j shows %j', (expected, ranges, namespaces) => {
    expect(readBackOf(wanted, 238, { ranges, namespaces })).toBe(expected);
  });
});
