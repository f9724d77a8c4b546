import { FakeClock } from '@capstan/testkit';
import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('many changes are one piece of work, the first at once and then every 250 ms', async () => {
  const clock = new FakeClock();
  const doneAt: number[] = [];
  const pace = new Pace(clock, () => doneAt.push(clock.monotonic()));
  for (let ms = 0; ms < 1_000; ms += 10) {
    pace.changed();
    await clock.advance(10);
  }
  await clock.advance(1_000);
  expect(doneAt).toEqual([0, 250, 500, 750, 1_000]);
  expect(clock.pendingTimers).toBe(0);
});

test('work that takes long is done less often', async () => {
  const clock = new FakeClock();
  const doneAt: number[] = [];
  const slow = { ...times(clock), monotonic: () => clock.monotonic() + doneAt.length * 100 };
  const pace = new Pace(slow, () => doneAt.push(clock.monotonic()));
  pace.changed();
  await clock.advance(0);
  pace.changed();
  await clock.advance(999);
  expect(doneAt).toEqual([0]);
  await clock.advance(1);
  expect(doneAt).toEqual([0, 1_000]);
});

test('what is due can be taken back', async () => {
  const clock = new FakeClock();
  let done = 0;
  const pace = new Pace(clock, () => {
    done += 1;
  });
  pace.changed();
  pace.stop();
  await clock.advance(1_000);
  expect(done).toBe(0);
});

function times(clock: FakeClock) {
  return {
    now: () => clock.now(),
    setTimeout: (callback: () => void, ms: number) => clock.setTimeout(callback, ms),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
  };
}
