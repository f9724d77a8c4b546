import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusPatch } from './status-patch.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** RFC 7396, as the API server does it. */
function merged(target: Json | undefined, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

const key = fc.constantFrom('a', 'b', 'c', 'conditions');
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(true, false, 0, 1, 2, '', 'x', 'y'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const status = fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true });

describe('a status patch', () => {
  it.each([
    { says: 'a key that changed', previous: { a: 1, b: 1 }, next: { a: 2, b: 1 }, patch: { a: 2 } },
    { says: 'a key that came', previous: { a: 1 }, next: { a: 1, b: 2 }, patch: { b: 2 } },
    { says: 'a key that went, as null', previous: { a: 1, b: 1 }, next: { a: 1 }, patch: { b: null } },
    { says: 'a key that is undefined now, as null', previous: { a: 1 }, next: { a: undefined }, patch: { a: null } },
    {
      says: 'only what differs in a map',
      previous: { m: { a: 1, b: 1, c: 1 } },
      next: { m: { a: 1, b: 2 } },
      patch: { m: { b: 2, c: null } },
    },
    {
      says: 'a list whole',
      previous: { l: [{ a: 1 }, { b: 1 }] },
      next: { l: [{ a: 1 }, { b: 2 }] },
      patch: { l: [{ a: 1 }, { b: 2 }] },
    },
    { says: 'a map in place of a list', previous: { x: [1] }, next: { x: { a: 1 } }, patch: { x: { a: 1 } } },
    {
      says: 'everything of a first status',
      previous: undefined,
      next: { a: 1, m: { b: null } },
      patch: { a: 1, m: {} },
    },
    {
      says: 'nothing when nothing differs',
      previous: { a: [1, { b: 2 }] },
      next: { a: [1, { b: 2 }] },
      patch: undefined,
    },
    {
      says: 'nothing for keys that are absent in two ways',
      previous: { a: 1 },
      next: { a: 1, b: undefined, c: null },
      patch: undefined,
    },
    {
      says: 'nothing for maps in another order',
      previous: { m: { a: 1, b: 2 } },
      next: { m: { b: 2, a: 1 } },
      patch: undefined,
    },
    { says: 'nothing when there is no status and none is wanted', previous: undefined, next: {}, patch: undefined },
    {
      says: 'zero, false and the empty text as values',
      previous: { a: 1 },
      next: { a: 0, b: false, c: '' },
      patch: { a: 0, b: false, c: '' },
    },
  ])('holds $says', ({ previous, next, patch }) => {
    expect(statusPatch(previous, next)).toEqual(patch);
  });

  it('turns any status into any other, and holds nothing where they are equal', () => {
    fc.assert(
      fc.property(status, status, (previous, next) => {
        const patch = statusPatch(previous, next);
        if (patch === undefined) expect(next).toEqual(previous);
        else expect(merged(previous, patch as Json)).toEqual(next);
        expect(statusPatch(next, structuredClone(next))).toBeUndefined();
      }),
    );
  });
});
