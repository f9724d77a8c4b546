import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortened } from './names.ts';

describe('a name that is too long', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,80}[a-z0-9]$/);

  it('is cut to the limit, stays a DNS label, and starts as it did', () => {
    fc.assert(
      fc.property(label, (name) => {
        const short = shortened(name, 52);
        expect(short.length).toBeLessThanOrEqual(52);
        expect(short).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        expect(short === name || name.startsWith(short.slice(0, short.lastIndexOf('-')))).toBe(true);
      }),
    );
  });

  it('is another one for another name, even where only the end differs', () => {
    const start = 'p'.repeat(60);
    expect(shortened(`${start}-keyvalue`, 52)).not.toBe(shortened(`${start}-consumer`, 52));
  });

  it('and one that is not stays as it is', () => {
    expect(shortened('prism-local-redis', 52)).toBe('prism-local-redis');
  });
});
