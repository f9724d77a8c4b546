import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantityInNanos } from './quantity.ts';

describe('quantityInNanos', () => {
  it.each([
    ['1', 1_000_000_000n],
    ['0.5', 500_000_000n],
    ['.5', 500_000_000n],
    ['5.', 5_000_000_000n],
    ['500m', 500_000_000n],
    ['1n', 1n],
    ['0.1n', 1n],
    ['1u', 1_000n],
    ['1k', 1_000_000_000_000n],
    ['1Ki', 1_024_000_000_000n],
    ['1.5Gi', 1_610_612_736_000_000_000n],
    ['1e3', 1_000_000_000_000n],
    ['1E3', 1_000_000_000_000n],
    ['1E', 1_000_000_000_000_000_000_000_000_000n],
    ['-1', -1_000_000_000n],
    ['+1', 1_000_000_000n],
    ['100e-3', 100_000_000n],
  ])('%s is %s billionths', (text, nanos) => {
    expect(quantityInNanos(text)).toBe(nanos);
  });

  it.each(['', 'x', '1 Gi', 'Gi', '1gi', '1KiB', '--1', '1e', '0x10', '1_000', '1e9999', '1e99'])(
    '"%s" is none',
    (text) => {
      expect(quantityInNanos(text)).toBeUndefined();
    },
  );

  it('is the same for a value written in thousandths', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(quantityInNanos(`${value}000m`)).toBe(quantityInNanos(String(value)));
      }),
    );
  });
});
