import { describe, expect, it } from 'vitest';
import { eventually, never } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';

/** Throws until it has been called `count` times. */
function passingAfter(count: number): () => number {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= count) throw new Error(`call ${calls}`);
    return calls;
  };
}

describe('eventually', () => {
  it('gives back what the assertion returns once it passes', async () => {
    const clock = new FakeClock();
    const outcome = eventually(passingAfter(3), { clock, interval: 10 });
    await clock.advance(30);
    expect(await outcome).toBe(4);
  });

  it('fails with the last error when the time is over', async () => {
    const clock = new FakeClock();
    const outcome = eventually(passingAfter(100), { clock, interval: 10, timeout: 20 }).catch(String);
    await clock.advance(20);
    expect(await outcome).toBe('Error: call 3');
  });
});

describe('never', () => {
  it('resolves when the assertion failed to the end', async () => {
    const clock = new FakeClock();
    const outcome = never(passingAfter(100), { clock, interval: 10, during: 25 });
    await clock.advance(25);
    await expect(outcome).resolves.toBeUndefined();
  });

  it('fails as soon as the assertion holds', async () => {
    const clock = new FakeClock();
    const outcome = never(passingAfter(2), { clock, interval: 10, during: 1_000 }).catch(String);
    await clock.advance(20);
    expect(await outcome).toBe('Error: what must never hold held after 20 ms');
  });
});
