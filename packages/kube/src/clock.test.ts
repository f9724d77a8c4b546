import { describe, expect, it } from 'vitest';
import { sleepOn } from './clock.ts';
import { ManualClock } from './testing/manual-clock.fixture.ts';

describe('sleepOn', () => {
  it('resolves when the time has come', async () => {
    const clock = new ManualClock();
    const slept = sleepOn(clock, 100);
    clock.advance(100);
    await expect(slept).resolves.toBeUndefined();
  });

  it('rejects with the reason as soon as its signal aborts, and takes its timer back', async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    const slept = sleepOn(clock, 100, abort.signal);
    abort.abort('stopping');
    await expect(slept).rejects.toBe('stopping');
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects at once with a signal that has aborted already', async () => {
    await expect(sleepOn(new ManualClock(), 100, AbortSignal.abort('stopped'))).rejects.toBe('stopped');
  });
});
