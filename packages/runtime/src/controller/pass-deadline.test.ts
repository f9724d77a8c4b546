import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { PassDeadline, PassTimeout } from './pass-deadline.ts';
import { StuckPasses } from './stuck-passes.ts';

describe('the deadline of a pass', () => {
  it('aborts the signal and says why', async () => {
    const clock = new FakeClock();
    const deadline = new PassDeadline(clock, 1_000, new AbortController().signal);
    await clock.advance(999);
    expect([deadline.signal.aborted, deadline.isExceeded]).toEqual([false, false]);
    await clock.advance(1);
    expect(deadline.isExceeded).toBe(true);
    expect(deadline.signal.reason).toBeInstanceOf(PassTimeout);
    deadline.end();
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up on a pass that goes on for five seconds after its signal, whoever aborted it', async () => {
    const clock = new FakeClock();
    const abandon = new AbortController();
    const deadline = new PassDeadline(clock, 60_000, abandon.signal);
    let ignored = false;
    void deadline.ignored.then(() => {
      ignored = true;
    });
    abandon.abort(new Error('stopping'));
    await clock.advance(4_999);
    expect([ignored, deadline.isExceeded]).toEqual([false, false]);
    await clock.advance(1);
    expect([ignored, deadline.isExceeded]).toEqual([true, false]);
  });

  it('leaves no timer behind when the pass ends in time', () => {
    const clock = new FakeClock();
    new PassDeadline(clock, 1_000, new AbortController().signal).end();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a pass that does not end', () => {
  it('is counted and logged each minute with its last trigger, until it does', async () => {
    const clock = new FakeClock();
    const lines: Record<string, unknown>[] = [];
    const log = createLogger({ destination: { write: (line) => void lines.push(JSON.parse(line)) } });
    const stuck = new StuckPasses(clock);
    const ending = Promise.withResolvers<void>();
    const startedAt = clock.monotonic() - 7_000;
    stuck.watch({ log, triggers: ['first', 'last'], startedAt }, ending.promise);
    expect(stuck.size).toBe(1);
    await clock.advance(120_000);
    const told = lines.map(({ level, trigger, runningMs }) => ({ level, trigger, runningMs }));
    expect(told).toEqual([7_000, 67_000, 127_000].map((runningMs) => ({ level: 'error', trigger: 'last', runningMs })));
    ending.resolve();
    await ending.promise;
    expect([stuck.size, clock.pendingTimers]).toEqual([0, 0]);
  });
});
