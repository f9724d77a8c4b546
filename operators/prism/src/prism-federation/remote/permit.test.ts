import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { Permit } from './permit.ts';

describe('leave to write', () => {
  it('is there for a moment after a pass, and not before the first', async () => {
    const clock = new FakeClock();
    const permit = new Permit(clock);
    expect(permit.isThere).toBe(false);
    permit.give();
    expect(permit.isThere).toBe(true);
    await clock.advance(4_999);
    expect(permit.isThere).toBe(true);
    await clock.advance(1);
    expect(permit.isThere).toBe(false);
    permit.give();
    expect(permit.isThere).toBe(true);
  });
});
