import { describe, expect, it } from 'vitest';
import { finalizersWith, finalizersWithout } from './finalizer.ts';

describe('finalizers', () => {
  it.each([
    { now: undefined, wanted: ['acme.com/a'] },
    { now: ['other'], wanted: ['other', 'acme.com/a'] },
    { now: ['acme.com/a', 'other'], wanted: undefined },
  ])('$now with one more are $wanted', ({ now, wanted }) => {
    expect(finalizersWith(now, 'acme.com/a')).toEqual(wanted);
  });

  it.each([
    { now: undefined, wanted: undefined },
    { now: ['other'], wanted: undefined },
    { now: ['acme.com/a', 'other'], wanted: ['other'] },
    { now: ['acme.com/a'], wanted: [] },
  ])('$now without one are $wanted', ({ now, wanted }) => {
    expect(finalizersWithout(now, 'acme.com/a')).toEqual(wanted);
  });

  it.each([
    { now: ['other'], wanted: undefined },
    { now: ['acme.com/a', 'other', 'acme.com/b'], wanted: ['other'] },
    { now: ['acme.com/b'], wanted: [] },
  ])('$now without several are $wanted', ({ now, wanted }) => {
    expect(finalizersWithout(now, 'acme.com/a', 'acme.com/b')).toEqual(wanted);
  });
});
