import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../json-schema.ts';
import { losses, restored } from './loss.ts';

const listMap: JsonSchema = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: { type: 'object', properties: { name: { type: 'string' }, sub: { type: 'object' } } },
};
const schema: JsonSchema = {
  type: 'object',
  properties: { items: listMap, plain: { type: 'array', items: { type: 'object' } }, more: { type: 'object' } },
};

const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
const leaf: fc.Arbitrary<Json> = fc.constantFrom<Json>(null, 0, 1, '', 'x', true, [], [1], {});
const record = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf, { maxKeys: 3 })), { maxKeys: 4 });
const item = fc.record({ name: names, sub: record, size: leaf }, { requiredKeys: ['name'] });
const value: fc.Arbitrary<Json> = fc.record(
  {
    items: fc.oneof({ arbitrary: fc.array(item, { maxLength: 5 }), weight: 5 }, leaf),
    plain: fc.array(record),
    more: record,
  },
  { requiredKeys: [] },
);

describe('what a conversion lost', () => {
  it('can be put back, whatever was lost', () => {
    fc.assert(
      fc.property(value, value, (was, is) => {
        expect(restored(schema, was, losses(schema, was, is))).toEqual(is);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is nothing where nothing was lost', () => {
    fc.assert(
      fc.property(value, (same) => {
        expect(losses(schema, same, structuredClone(same))).toEqual([]);
      }),
    );
  });

  it('is put back beside what was changed in the meantime', () => {
    const is = { items: [{ name: 'a', sub: { deep: 1 } }, { name: 'b' }], more: { kept: 'yes', both: 1 } };
    const was = { items: [{ name: 'a', sub: {} }, { name: 'b' }], more: { both: 1 } };
    const edited = { items: [{ name: 'b' }, { name: 'a', size: 3, sub: {} }], more: { both: 2 } };
    expect(restored(schema, edited, losses(schema, was, is))).toEqual({
      items: [{ name: 'b' }, { name: 'a', size: 3, sub: { deep: 1 } }],
      more: { kept: 'yes', both: 2 },
    });
  });

  it('gives way to what was changed in the meantime', () => {
    const lost = losses(schema, { more: { mode: 'plain' } }, { more: { mode: 'special' } });
    expect(restored(schema, { more: { mode: 'plain' } }, lost)).toEqual({ more: { mode: 'special' } });
    expect(restored(schema, { more: { mode: 'other' } }, lost)).toEqual({ more: { mode: 'other' } });
    expect(restored(schema, {}, lost)).toEqual({});
  });

  it('goes back to its place among the items of a list-map, also when others came and went', () => {
    const is = ['first', 'a', 'hidden', 'b'].map((name) => ({ name }));
    const lost = losses(schema, { items: [{ name: 'a' }, { name: 'b' }] }, { items: is });
    const itemsOf = (...of: string[]) => restored(schema, { items: of.map((name) => ({ name })) }, lost);
    expect(itemsOf('a', 'b')).toEqual({ items: is });
    expect(itemsOf('a', 'new')).toEqual({ items: ['first', 'a', 'hidden', 'new'].map((name) => ({ name })) });
    expect(itemsOf('b')).toEqual({ items: ['first', 'b', 'hidden'].map((name) => ({ name })) });
  });
});
