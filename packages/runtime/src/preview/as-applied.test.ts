import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threeWayPatch } from './as-applied.ts';
import { mergePatch } from './merge-patch.ts';

describe('the patch of kubectl apply', () => {
  it('removes what was in the file the last time and is not now, at every depth', () => {
    const before = { spec: { a: 1, b: { c: 1, d: 2 } } };
    expect(threeWayPatch(before, { spec: { b: { d: 2 } } })).toEqual({ spec: { a: null, b: { c: null, d: 2 } } });
  });

  it('removes nothing where no file is remembered', () => {
    expect(threeWayPatch(undefined, { spec: { a: 1 } })).toEqual({ spec: { a: 1 } });
  });

  it('makes of any former file exactly the new one, when nobody else wrote anything', () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
    const { file } = fc.letrec((tie) => ({
      // Nothing of an empty map is left to be told apart from no map.
      file: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ maxDepth: 3 }, leaf, tie('file')), { minKeys: 1 }),
    }));
    fc.assert(
      fc.property(file, file, (before, after) => {
        expect(mergePatch(before, threeWayPatch(before, after))).toEqual(after);
      }),
    );
  });
});
