import { expect, test } from 'vitest';
import { Newest } from './newest.ts';

const endless = new AbortController().signal;

test('who follows gets the value there is, and then the newest, whatever was in between', async () => {
  const newest = new Newest<string>();
  const follower = newest.follow(endless);
  const first = follower.next();
  newest.set('a');
  expect((await first).value).toBe('a');
  newest.set('b');
  newest.set('c');
  expect((await follower.next()).value).toBe('c');
  const late = newest.follow(endless);
  expect((await late.next()).value).toBe('c');
});

test('following ends with its signal, while it waits too', async () => {
  const stop = new AbortController();
  const follower = new Newest<string>().follow(stop.signal);
  const next = follower.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('a failure ends everybody who follows, now and later', async () => {
  const newest = new Newest<string>();
  const waiting = newest.follow(endless).next();
  newest.fail(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(newest.follow(endless).next()).rejects.toThrow('gone');
});
