import type { Progress } from '@capstan/controlplane';
import { describe, expect, test } from 'vitest';
import { describeProgress, progressLine } from './progress-line.ts';

function progress(overrides: Partial<Progress> = {}): Progress {
  return {
    step: 2,
    steps: 7,
    title: 'Building kube-apiserver',
    elapsedMs: 65_000,
    remainingMs: 180_000,
    done: false,
    ...overrides,
  };
}

function written(isTTY: boolean, show: readonly Progress[]): string {
  let text = '';
  const line = progressLine({ isTTY, columns: 40, write: (part) => (text += part) });
  for (const one of show) line.show(one);
  line.clear();
  return text;
}

describe('a progress line', () => {
  test('says which step, how long so far and how long to go', () => {
    expect(describeProgress(progress())).toBe('Building kube-apiserver (2 of 7), 1 min 5 s so far, about 3 min to go');
  });
  test('never promises less than a second', () => {
    expect(describeProgress(progress({ remainingMs: 0 }))).toMatch(/about 1 s to go$/);
  });
  test('promises nothing when nobody can say', () => {
    expect(describeProgress(progress({ remainingMs: undefined }))).toBe(
      'Building kube-apiserver (2 of 7), 1 min 5 s so far',
    );
  });
  test('is written over in a terminal, cut to its width, and taken away at the end', () => {
    expect(written(true, [progress()])).toBe('\r\x1b[2KBuilding kube-apiserver (2 of 7), 1 min\r\x1b[2K');
  });
  test('is written once per step and every half minute where there is no terminal', () => {
    const at = (title: string, elapsedMs: number): Progress => progress({ title, elapsedMs, remainingMs: undefined });
    const text = written(false, [at('a', 0), at('a', 1_000), at('a', 30_000), at('a', 31_000), at('b', 32_000)]);
    expect(text.split('\n').map((line) => line.replace(/,.*/, ''))).toEqual([
      'a (2 of 7)',
      'a (2 of 7)',
      'b (2 of 7)',
      '',
    ]);
  });
});
