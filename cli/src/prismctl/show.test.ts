import { eventually } from '@capstan/testkit';
import { expect, test } from 'vitest';
import type { Followers } from './kind-view.ts';
import { keepShowing } from './show.ts';
import type { Showable } from './showable.ts';

/** Something that a test changes by hand. */
function changeable() {
  const shown: string[] = [];
  const told: string[] = [];
  let value: string | undefined = 'a';
  let followers: Followers | undefined;
  const showable: Showable<string> = {
    now: () => value,
    lines: () => [],
    news: () => [],
    follow: async (signal, given) => {
      followers = given;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  const stage = {
    show: (one: string) => void shown.push(one),
    tell: (one: string) => void told.push(one),
    [Symbol.dispose]: () => {},
  };
  const change = (to: string | undefined) => {
    value = to;
    followers?.onChange();
  };
  return { showable, stage, shown, told, change, fail: (error: Error) => followers?.onProblem(error, 0) };
}

test('it is shown at once, and once for a burst of changes', async () => {
  const { showable, stage, shown, change } = changeable();
  const stop = new AbortController();
  const ended = keepShowing(showable, stage, stop.signal);
  for (const each of ['b', 'c', 'd']) change(each);
  await eventually(() => expect(shown).toEqual(['a', 'd']));
  stop.abort();
  await ended;
});

test('it ends when the thing is gone, and says so', async () => {
  const { showable, stage, told, change } = changeable();
  const ended = keepShowing(showable, stage, new AbortController().signal);
  change(undefined);
  await ended;
  expect(told).toEqual(['it is gone']);
});

test('a lost connection is told, and ends nothing', async () => {
  const { showable, stage, told, shown, change, fail } = changeable();
  const stop = new AbortController();
  const ended = keepShowing(showable, stage, stop.signal);
  fail(new Error('the watch broke'));
  change('b');
  await eventually(() => expect(shown).toEqual(['a', 'b']));
  expect(told).toEqual(['the watch broke; trying again']);
  stop.abort();
  await ended;
});
