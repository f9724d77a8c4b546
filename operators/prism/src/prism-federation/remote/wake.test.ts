import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { Wake } from './wake.ts';

const never = new AbortController().signal;

describe('a sleep that can be ended', () => {
  it('ends when it is over, when it is called and when everything ends', async () => {
    const clock = new FakeClock();
    const wake = new Wake(clock);
    const long = wake.wait(1_000, never);
    await clock.advance(1_000);
    await long;
    const called = wake.wait(1_000, never);
    wake.up();
    await called;
    await wake.wait(1_000, AbortSignal.abort());
    expect([clock.monotonic(), clock.pendingTimers]).toEqual([1_000, 0]);
  });

  it('does not begin when it was called before', async () => {
    const wake = new Wake(new FakeClock());
    wake.up();
    await wake.wait(1_000, never);
  });
});
