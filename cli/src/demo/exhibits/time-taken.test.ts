import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { timeTaken } from './time-taken.ts';

const { signal } = new AbortController();

describe('the time something takes', () => {
  it.each([
    [20, 28, '48 ms'],
    [400, 3_000, '3.4 s'],
  ])('counts from when it is done: %d ms for that, and %d ms until it shows', async (doneMs, shownMs, text) => {
    const clock = new FakeClock();
    const act = () => clock.advance(doneMs);
    const holds = async (): Promise<boolean> => {
      await clock.advance(shownMs);
      return true;
    };
    expect(await timeTaken({ timeoutMs: 1_000, signal }, { act, what: 'it', holds }, clock)).toBe(text);
  });

  it('is too long when it does not come about', async () => {
    const deed = { act: async () => {}, what: 'Service orders made again', holds: async () => false };
    const never = timeTaken({ timeoutMs: 0, signal }, deed);
    await expect(never).rejects.toThrow('not reached after 0.0 s: Service orders made again');
  });
});
