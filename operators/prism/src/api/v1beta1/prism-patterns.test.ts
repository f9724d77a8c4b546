import { roundTrips } from '@capstan/testkit';
import { describe, it } from 'vitest';
import { PrismPatterns } from './prism-patterns.ts';

describe('a pattern in another version', () => {
  it('comes back as it was, whatever is in it', () => {
    roundTrips(PrismPatterns, { runs: 5000 });
  }, 300_000);
});
