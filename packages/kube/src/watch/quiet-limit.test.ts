import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.fixture.ts';
import { QuietLimit } from './quiet-limit.ts';

function quietFor(limitMs: number, outer = new AbortController()) {
  const clock = new ManualClock();
  return { clock, outer, quiet: new QuietLimit(clock, limitMs, outer.signal) };
}

describe('QuietLimit', () => {
  it('ends a request on which nothing comes for the limit', () => {
    const { clock, quiet } = quietFor(100);
    clock.advance(99);
    expect(quiet.signal.aborted).toBe(false);
    clock.advance(1);
    expect([quiet.signal.aborted, quiet.exceeded]).toEqual([true, true]);
  });

  it('counts from what came last, with one timer', () => {
    const { clock, quiet } = quietFor(100);
    for (let count = 0; count < 10; count += 1) {
      clock.advance(60);
      quiet.heard(100);
    }
    expect([quiet.signal.aborted, clock.pendingTimers]).toEqual([false, 1]);
    clock.advance(100);
    expect(quiet.exceeded).toBe(true);
  });

  it('takes a shorter limit at once', () => {
    const { clock, quiet } = quietFor(100);
    quiet.heard(10);
    clock.advance(10);
    expect(quiet.exceeded).toBe(true);
  });

  it('ends with its caller, which is not silence', () => {
    const { outer, quiet } = quietFor(100);
    outer.abort('stopping');
    expect([quiet.signal.reason, quiet.exceeded]).toEqual(['stopping', false]);
  });

  it('leaves neither timer nor listener behind', () => {
    const { clock, outer, quiet } = quietFor(100);
    quiet.end();
    outer.abort();
    expect([clock.pendingTimers, quiet.signal.aborted]).toEqual([0, false]);
  });
});
