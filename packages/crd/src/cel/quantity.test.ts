import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quantity } from './quantity.ts';

const nano = (text: string): bigint | undefined => Quantity.parse(text)?.nano;

describe('a quantity', () => {
  it.each<[text: string, nano: bigint]>([
    ['0', 0n],
    ['1', 1_000_000_000n],
    ['+1', 1_000_000_000n],
    ['-1.5', -1_500_000_000n],
    ['.5', 500_000_000n],
    ['1.', 1_000_000_000n],
    ['500m', 500_000_000n],
    ['1n', 1n],
    ['0.1n', 1n],
    ['-0.1n', -1n],
    ['2k', 2_000_000_000_000n],
    ['1.5Gi', 1_610_612_736_000_000_000n],
    ['1E', 10n ** 27n],
    ['1E2', 100_000_000_000n],
    ['1e-3', 1_000_000n],
    ['10000Ei', (2n ** 63n - 1n) * 1_000_000_000n],
  ])('%s is exact to a billionth', (text, expected) => {
    expect(nano(text)).toBe(expected);
  });

  it.each(['', '.', 'Gi', '1KI', '1 Gi', '1gi', '1e', '--1', '1.2.3', '0x1', '１'])('%j is none', (text) => {
    expect(Quantity.parse(text)).toBeUndefined();
  });

  it('compares, adds and subtracts whatever the notation', () => {
    const small = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [left, right] = [Quantity.parse(`${a}m`), Quantity.parse(`${b * 1000}u`)];
        expect(left?.compareTo(right ?? new Quantity(0n))).toBe(Math.sign(a - b));
        expect(left?.plus(right ?? new Quantity(0n)).nano).toBe(nano(`${a + b}m`));
        expect(left?.minus(right ?? new Quantity(0n)).nano).toBe(nano(`${a - b}m`));
      }),
    );
  });
});
