import { stripVTControlCharacters } from 'node:util';
import type { Progress } from '@capstan/controlplane';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { Steps } from './steps.ts';

const columns = 60;

function terminal() {
  const printed: string[] = [];
  const print = (line: string): void => {
    printed.push(stripVTControlCharacters(line));
  };
  const screen = { isTerminal: true, columns, print, show: () => {}, redraw: () => {}, [Symbol.dispose]: () => {} };
  const clock = new FakeClock();
  const steps = new Steps(screen, clock);
  const lines = () => steps.lines(columns).map((line) => stripVTControlCharacters(line));
  return { steps, clock, printed, lines };
}

describe('steps', () => {
  it('are shown while they are under way, and stay as a line that says what was done', async () => {
    const { steps, clock, printed, lines } = terminal();
    await steps.run('Creating nodes', async (note) => {
      await clock.advance(1_200);
      expect(lines()).toEqual(['⠹      1.2 s  Creating nodes']);
      note('Created 3 nodes');
    });
    expect([printed, lines()]).toEqual([['✓      1.2 s  Created 3 nodes'], []]);
  });

  it('are crossed out when they fail', async () => {
    const { steps, printed } = terminal();
    const failing = steps.run('Creating nodes', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(printed).toEqual(['✗      0.0 s  Creating nodes']);
  });

  it('of a second cluster carry its name', async () => {
    const { steps, printed } = terminal();
    const progress: Progress = { step: 1, steps: 1, title: 'Starting etcd', elapsedMs: 0, remainingMs: 1, done: false };
    await steps.follow(async (listener) => {
      listener(progress);
      listener({ ...progress, done: true });
    }, ' of west');
    expect(printed).toEqual(['✓      0.0 s  Starting etcd of west']);
  });

  it('say what is left out, and why, in full', () => {
    const { steps, printed } = terminal();
    const why = 'a real Druid cannot be started here: no Java found: install Java 17, or set JAVA_HOME';
    steps.leaveOut('DruidIngestion', why);
    expect(printed).toEqual([`–             DruidIngestion is left out: ${why}`]);
  });
});
