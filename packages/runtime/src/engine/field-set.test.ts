import type { FieldSet } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeAt, restrictBelow, subtract, unionOfRoots } from './field-set.ts';

/** Sets as the server writes them: `.` only beside other elements. */
const fieldSet: fc.Arbitrary<FieldSet> = fc.letrec<{ node: FieldSet }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom('f:a', 'f:b', 'k:{"n":1}', 'v:"x"'), tie('node'), { minKeys: 1 }),
        fc.boolean(),
      )
      .map(([children, self]) => (self ? { '.': {}, ...children } : children)),
  ),
})).node;
const root = fc.dictionary(fc.constantFrom('f:metadata', 'f:spec', 'f:data'), fieldSet);

describe('field sets', () => {
  it('a set together with another, without the other, holds nothing of the other', () => {
    fc.assert(
      fc.property(root, root, (a, b) => {
        expect(subtract(unionOfRoots(a, b), b)).toEqual(subtract(a, b));
        expect(subtract(b, unionOfRoots(a, b))).toEqual({});
      }),
    );
  });

  it('a union with itself or with nothing changes nothing', () => {
    fc.assert(
      fc.property(root, (a) => {
        expect(unionOfRoots(a, a)).toEqual(a);
        expect(unionOfRoots(a, {})).toEqual(a);
        expect(unionOfRoots({}, a)).toEqual(a);
      }),
    );
  });

  it('what is taken out and put back is whole again', () => {
    fc.assert(
      fc.property(root, (a) => {
        const taken = restrictBelow(a, [['f:spec']]);
        expect(unionOfRoots(subtract(a, taken), taken)).toEqual(a['f:spec'] === undefined ? a : { ...a });
      }),
    );
  });

  it('a node that is owned itself stays when its children go', () => {
    expect(subtract({ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toEqual({ 'f:a': {} });
    expect(subtract({ 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toEqual({});
  });

  it('a leaf together with a node that has children is a node that is owned itself', () => {
    expect(unionOfRoots({ 'f:a': {} }, { 'f:a': { 'f:b': {} } })).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
  });

  it('is restricted to what lies strictly below a path', () => {
    const set = { 'f:spec': { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} } };
    expect(restrictBelow(set, [['f:spec', 'f:a'], ['f:spec', 'f:c'], ['f:none']])).toEqual({
      'f:spec': { 'f:a': { 'f:b': {} } },
    });
    expect(nodeAt(set, ['f:spec', 'f:constructor'])).toBeUndefined();
  });
});
