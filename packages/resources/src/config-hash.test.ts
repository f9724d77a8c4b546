import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configHash, secretHash } from './index.ts';

describe('the hash of a configuration', () => {
  it('does not depend on the order of keys, nor on what is absent', () => {
    expect(configHash({ a: 1, b: { c: 2, d: 3 } })).toBe(
      configHash({ b: { d: 3, c: 2, e: undefined }, a: 1, f: null }),
    );
  });

  it('depends on everything else', () => {
    const hashes = [{ a: 1 }, { a: '1' }, { b: 1 }, { a: [1] }, { a: [1, 2] }, { a: [2, 1] }, {}, [], 'a', null].map(
      configHash,
    );
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes.every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
  });

  it('is the same whenever two configurations are the same JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (files) => {
        const shuffled = Object.fromEntries(Object.entries(files).toReversed());
        expect(configHash(shuffled)).toBe(configHash(files));
      }),
    );
  });

  it('is refused for what JSON cannot carry', () => {
    expect(() => configHash({ a: [() => 1] })).toThrow('$.a[0]: only what JSON can carry');
    expect(() => configHash({ since: new Date(0) })).toThrow('$.since');
  });
});

describe('the hash of secrets', () => {
  const key = randomBytes(32);

  it('needs the key of the installation', () => {
    expect(secretHash(key, { password: 'x' })).not.toBe(secretHash(randomBytes(32), { password: 'x' }));
    expect(() => secretHash(randomBytes(16), { password: 'x' })).toThrow('key: 16 bytes are too few');
  });

  it('changes with any secret, and only then', () => {
    expect(secretHash(key, { a: 'x', b: 'y' })).toBe(secretHash(key, { b: Buffer.from('y'), a: 'x' }));
    const others = [{ a: 'x', b: 'z' }, { a: 'xb', y: '' }, { ab: 'x', y: '' }, { a: 'x' }].map((each) =>
      secretHash(key, each),
    );
    expect(others).not.toContain(secretHash(key, { a: 'x', b: 'y' }));
    expect(new Set(others).size).toBe(others.length);
  });
});
