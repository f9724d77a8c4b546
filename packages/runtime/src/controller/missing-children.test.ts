import { describe, expect, it } from 'vitest';
import { keyOf } from '../cache/object-key.ts';
import { MissingChildren } from './missing-children.ts';

const owner = keyOf({ namespace: 'ns', name: 'a' });

describe('children that were deleted', () => {
  it('are remembered as long as their owner wants them', () => {
    const missing = new MissingChildren();
    missing.add(owner, 'Job/ns/one');
    missing.add(owner, 'Job/ns/two');
    expect(missing.takeUnwanted(owner, new Set(['Job/ns/two']))).toEqual(['Job/ns/one']);
    expect(missing.takeUnwanted(owner, new Set(['Job/ns/two']))).toEqual([]);
    expect(missing.takeUnwanted(owner, new Set())).toEqual(['Job/ns/two']);
  });

  it('leave nothing behind, however many names an owner has used', () => {
    const missing = new MissingChildren();
    for (let run = 0; run < 1_000; run += 1) {
      missing.add(owner, `Job/ns/run-${run}`);
      missing.takeUnwanted(owner, new Set([`Job/ns/run-${run + 1}`]));
    }
    expect(missing.size).toBe(0);
  });
});
