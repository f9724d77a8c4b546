import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { untilNone } from './wait.ts';

const minute = 60_000;

describe('waiting until nothing is left', () => {
  it('gives the time at which nothing was', async () => {
    const clock = new FakeClock();
    const waited = untilNone('clusters', () => (clock.monotonic() < 90 ? 1 : 0), clock);
    await clock.advance(minute);
    expect(await waited).toBe(100);
  });

  it('goes on for as long as it gets on, however slowly', async () => {
    const clock = new FakeClock();
    const waited = untilNone('clusters', () => Math.max(0, 3 - Math.floor(clock.monotonic() / (9 * minute))), clock);
    await clock.advance(30 * minute);
    expect(await waited).toBe(27 * minute);
  });

  it('gives up with what is left when nothing has changed for ten minutes', async () => {
    const clock = new FakeClock();
    const refused = expect(untilNone('clusters that do not run', () => 7, clock)).rejects.toThrow(
      'gave up after 600 s without progress: clusters that do not run, 7 left',
    );
    await clock.advance(11 * minute);
    await refused;
  });
});
