import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

describe('a fake clock', () => {
  it('fires timers by time, then in the order they were set', async () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('late'), 20);
    clock.setTimeout(() => fired.push('first'), 10);
    clock.setTimeout(() => fired.push('second'), 10);
    await clock.advance(19);
    expect(fired).toEqual(['first', 'second']);
    await clock.advance(1);
    expect(fired).toEqual(['first', 'second', 'late']);
  });

  it('shows a timer the time it was set for', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.monotonic()), 10);
    await clock.advance(100);
    expect([...seen, clock.monotonic()]).toEqual([10, 100]);
  });

  it('fires timers that are set while it moves', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const again = () => {
      seen.push(clock.monotonic());
      clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('lets promises settle before it moves on', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const work = async () => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(10);
        seen.push(clock.monotonic());
      }
    };
    const done = work();
    await clock.advance(30);
    await done;
    expect(seen).toEqual([10, 20, 30]);
  });

  it('forgets a cancelled timer and an aborted sleep', async () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('cancelled'), 10).cancel();
    const abort = new AbortController();
    const slept = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    await clock.advance(10);
    expect({ fired, pending: clock.pendingTimers }).toEqual({ fired: [], pending: 0 });
  });

  it('tells the wall clock from its start on', async () => {
    const clock = new FakeClock(Date.parse('2030-01-01T00:00:00Z'));
    await clock.advance(1_500);
    expect(new Date(clock.now()).toISOString()).toBe('2030-01-01T00:00:01.500Z');
  });
});
