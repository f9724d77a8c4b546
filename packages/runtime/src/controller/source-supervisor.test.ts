import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { superviseSource } from './source-supervisor.ts';

function aSource(lives: readonly number[], clock: FakeClock) {
  const starts: number[] = [];
  const source = {
    name: 'bell',
    run: async (_emit: unknown, signal: AbortSignal) => {
      starts.push(clock.monotonic());
      await clock.sleep(lives[starts.length - 1] ?? 1e9, signal);
      throw new Error('it broke');
    },
  };
  return { source, starts };
}

describe('a source of events that fails', () => {
  it('is run again after pauses that grow, and at once more patiently after a long life', async () => {
    const clock = new FakeClock();
    const { source, starts } = aSource([0, 0, 0, 60_000], clock);
    const log = createLogger({ level: 'error', destination: { write: () => {} } });
    const stop = new AbortController();
    const over = superviseSource(source, { clock, random: () => 0.999, log, emit: () => {} }, stop.signal);
    await clock.advance(200_000);
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(pauses).toEqual([999, 1_998, 3_996, 60_999]);
    stop.abort();
    await over;
    expect(clock.pendingTimers).toBe(0);
  });
});
