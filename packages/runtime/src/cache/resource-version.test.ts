import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResourceVersions } from './resource-version.ts';

describe('resourceVersions', () => {
  it('order as the numbers they are, beyond what a number can hold', () => {
    const version = fc.bigInt({ min: 0n, max: 1n << 80n });
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareResourceVersions(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it('put an object without a version before every other', () => {
    expect(compareResourceVersions('', '1')).toBeLessThan(0);
  });
});
