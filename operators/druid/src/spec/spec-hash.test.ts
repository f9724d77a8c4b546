import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectHash } from './object-hash.ts';
import { specHash } from './spec-hash.ts';

describe('the hash of an object', () => {
  it('is the same in whatever order its fields are, at any depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.integer())), (object) => {
        const turned = Object.fromEntries(
          Object.entries(object)
            .reverse()
            .map(([name, inner]) => [name, Object.fromEntries(Object.entries(inner).reverse())]),
        );
        expect(objectHash(turned)).toBe(objectHash(object));
      }),
    );
  });

  it('differs for lists in another order', () => {
    expect(objectHash({ a: [1, 2] })).not.toBe(objectHash({ a: [2, 1] }));
  });
});

describe('the hash of a spec', () => {
  it('is the same whether it is suspended or not, and differs otherwise', () => {
    expect(specHash({ type: 'kafka', suspended: true })).toBe(specHash({ type: 'kafka', suspended: false }));
    expect(specHash({ type: 'kafka' })).not.toBe(specHash({ type: 'kinesis' }));
  });
});
