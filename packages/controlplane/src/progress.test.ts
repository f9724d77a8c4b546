import { describe, expect, test } from 'vitest';
import { type Progress, type ProgressClock, remaining, runSteps, type Step } from './progress.ts';

/** A clock that a step moves by hand; every whole second it ticks. */
class HandClock implements ProgressClock {
  #now = 0;
  readonly #ticking = new Set<() => void>();
  now(): number {
    return this.#now;
  }
  everySecond(callback: () => void): () => void {
    this.#ticking.add(callback);
    return () => this.#ticking.delete(callback);
  }
  pass(seconds: number): void {
    for (let i = 0; i < seconds; i += 1) {
      this.#now += 1_000;
      for (const callback of this.#ticking) callback();
    }
  }
}

function step(clock: HandClock, title: string, typicalMs: number | undefined, takesSeconds: number): Step {
  return { title, typicalMs, run: async () => clock.pass(takesSeconds) };
}

async function reportsOf(clock: HandClock, steps: readonly Step[]): Promise<Progress[]> {
  const reports: Progress[] = [];
  await runSteps(steps, (progress) => reports.push(progress), clock);
  return reports;
}

test('each step is reported when it starts, every second, and when it ends', async () => {
  const clock = new HandClock();
  const reports = await reportsOf(clock, [step(clock, 'a', 2_000, 2), step(clock, 'b', 1_000, 1)]);
  expect(reports.map(({ title, step: at, elapsedMs, done }) => [title, at, elapsedMs, done])).toEqual([
    ['a', 1, 0, false],
    ['a', 1, 1_000, false],
    ['a', 1, 2_000, false],
    ['a', 1, 2_000, true],
    ['b', 2, 2_000, false],
    ['b', 2, 3_000, false],
    ['b', 2, 3_000, true],
  ]);
});

test('the time to go is what steps typically take, and nothing at the end', async () => {
  const clock = new HandClock();
  const reports = await reportsOf(clock, [step(clock, 'a', 2_000, 2), step(clock, 'b', 1_000, 1)]);
  expect(reports.map(({ remainingMs }) => remainingMs)).toEqual([3_000, 2_000, 1_000, 1_000, 1_000, 0, 0]);
});

test('a machine that was twice as slow so far is expected to stay slower', async () => {
  const clock = new HandClock();
  const reports = await reportsOf(clock, [step(clock, 'a', 100_000, 200), step(clock, 'b', 110_000, 0)]);
  expect(reports.find(({ title }) => title === 'b')?.remainingMs).toBe((110_000 * 210_000) / 110_000);
});

test('a slow network says nothing about the pace of the machine', async () => {
  const clock = new HandClock();
  const fetch = { ...step(clock, 'fetch', 1_000, 500), network: true };
  const reports = await reportsOf(clock, [fetch, step(clock, 'b', 5_000, 0)]);
  expect(reports.find(({ title }) => title === 'b')?.remainingMs).toBe(5_000);
});

test('a step that fails ends the run, and is not reported as done', async () => {
  const clock = new HandClock();
  const reports: Progress[] = [];
  const failing: Step = { title: 'a', typicalMs: 1, run: () => Promise.reject(new Error('no')) };
  await expect(
    runSteps([failing, step(clock, 'b', 1, 1)], (progress) => reports.push(progress), clock),
  ).rejects.toThrow('no');
  expect(reports.map(({ title, done }) => [title, done])).toEqual([['a', false]]);
});

describe('the time that remains', () => {
  test.each([
    ['all of it at the start', [{ typicalMs: 10 }, { typicalMs: 5 }], 0, 1, 15],
    ['less what the step has used', [{ typicalMs: 10 }, { typicalMs: 5 }], 4, 1, 11],
    ['never negative when a step takes too long', [{ typicalMs: 10 }, { typicalMs: 5 }], 99, 1, 5],
    ['unknown when one step is', [{ typicalMs: 10 }, { typicalMs: undefined }], 0, 1, undefined],
    ['none after the last', [], 0, 1, 0],
  ])('is %s', (_, steps, inFirstMs, pace, expected) => {
    expect(remaining(steps, inFirstMs, pace)).toBe(expected);
  });
});
