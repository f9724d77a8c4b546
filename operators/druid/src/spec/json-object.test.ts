import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../druid/druid-api.ts';
import { isJsonObject, placeText, valueAt, valuesIn } from './json-object.ts';

describe('the values inside a value', () => {
  it('come with where they are, those of an object before those inside them', () => {
    const places = [...valuesIn({ a: [1, { b: null }], c: 'x' })];
    expect(places.map((place) => [placeText(place), place.value, place.depth])).toEqual([
      ['', { a: [1, { b: null }], c: 'x' }, 0],
      ['a', [1, { b: null }], 1],
      ['a.0', 1, 2],
      ['a.1', { b: null }, 2],
      ['a.1.b', null, 3],
      ['c', 'x', 1],
    ]);
  });

  it('are each found at the place that is told', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), (object) => {
        const json: Json = JSON.parse(JSON.stringify(object));
        for (const { holder, key, value } of valuesIn(json)) {
          if (holder === undefined || !isJsonObject(holder.value) || typeof key !== 'string') continue;
          expect(valueAt(holder.value, key)).toBe(value);
        }
      }),
    );
  });

  it.each([
    ['deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 200_000],
    ['deep and many', `${'['.repeat(2_000)}${'1,'.repeat(300_000)}1${']'.repeat(2_000)}`, 302_001],
  ])('are gone through however they are: %s', (_how, text, expected) => {
    let values = 0;
    for (const _ of valuesIn(JSON.parse(text))) values += 1;
    expect(values).toBe(expected);
  });
});
