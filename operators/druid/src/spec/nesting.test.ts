import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../druid/druid-api.ts';
import { cutBelow, mostLevels, tooDeepAt } from './nesting.ts';

/** Objects inside each other, so many in all. */
function nested(levels: number): Json {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
}

describe('a value that is nested', () => {
  it.each([0, 1, mostLevels - 1, mostLevels])('%d levels deep is not too deep', (levels) => {
    expect(tooDeepAt(nested(levels))).toBeUndefined();
  });

  it.each([mostLevels + 1, 200_000])('%d levels deep is too deep, and its place is named in a few fields', (levels) => {
    expect(tooDeepAt(nested(levels))).toBe('a.a.a.a.a.a');
  });

  it('is too deep by lists as well', () => {
    expect(tooDeepAt({ rules: JSON.parse('['.repeat(100) + ']'.repeat(100)) })).toBe('rules.0.0.0.0.0');
  });

  it('is not too deep any more when it has been cut', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 5 }), (value, most) => {
        const json: Json = JSON.parse(JSON.stringify(value));
        expect(tooDeepAt(cutBelow(json, most), most)).toBeUndefined();
        if (tooDeepAt(json, most) === undefined) expect(cutBelow(json, most)).toEqual(json);
      }),
    );
  });
});
