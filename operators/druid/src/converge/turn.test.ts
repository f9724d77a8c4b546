import { seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { aDruid } from '../a-druid.fixture.ts';
import { DruidLanes } from '../connection/druid-lanes.ts';
import { VersionedContents } from '../connection/versioned-contents.ts';
import { Figures } from '../figures.ts';
import type { Outside } from '../outside.ts';
import { Memory } from './memory.ts';
import { NotAnswered, type Trouble } from './not-answered.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { takeTurn } from './turn.ts';

const url = 'http://router.shop.svc:8088';

function outsideWith(most: number): Outside {
  const limits = { most, restMs: seconds(10) };
  return {
    ...{ druid: () => aDruid().api, lanes: new DruidLanes(new FakeClock(), limits), turns: new OneAtATime() },
    ...{ contents: new VersionedContents(), memory: new Memory(), figures: new Figures() },
  };
}

/** One ingestion's talk with Druid, which ends by trouble. */
function talk(outside: Outside, caller: string, trouble?: Trouble) {
  return takeTurn({ url, caller }, outside, async () => {
    if (trouble !== undefined) throw new NotAnswered(trouble);
  });
}

const silence = (more: Partial<Extract<Trouble, { kind: 'Unreachable' }>>): Trouble => ({
  ...{ kind: 'Unreachable', message: 'no answer' },
  ...more,
});

describe('a Druid', () => {
  it.each([
    ['refuses connections', [silence({ reason: 'NoConnection' })]],
    [
      'answers the questions of three ingestions nothing',
      Array.from({ length: 3 }, () => silence({ reason: 'Timeout', asked: 'Question' })),
    ],
  ])('that %s is left alone for a while', async (_what, troubles) => {
    const outside = outsideWith(4);
    for (const [index, trouble] of troubles.entries()) await talk(outside, `${index}`, trouble);
    expect(await talk(outside, 'other')).toMatchObject({ trouble: { message: expect.stringContaining('left alone') } });
  });

  it.each([
    ['lets one question go unanswered', silence({ reason: 'Timeout', asked: 'Question' })],
    ['breaks off', silence({ reason: 'BrokenOff', asked: 'Change' })],
    ['takes long for a change', silence({ reason: 'Timeout', asked: 'Change' })],
    ['says that it is not there yet', silence({ reason: 'Unavailable', status: 503 })],
    ['does not know the credentials', { kind: 'Denied', status: 401, message: '' } as const],
  ])('that %s is asked for the other ingestions', async (_what, trouble) => {
    const outside = outsideWith(4);
    for (let round = 0; round < 5; round += 1) await talk(outside, 'slow', trouble);
    expect(await talk(outside, 'other')).toMatchObject({ kind: 'Talked', trouble: undefined });
  });

  it('that others are with is asked later', async () => {
    const outside = outsideWith(1);
    const turns: unknown[] = [];
    await takeTurn({ url, caller: 'first' }, outside, async () => void turns.push(await talk(outside, 'second')));
    expect(turns).toEqual([{ kind: 'Busy', afterMs: expect.any(Number) }]);
  });

  it('is given free by a pass that failed', async () => {
    const outside = outsideWith(1);
    await expect(takeTurn({ url }, outside, () => Promise.reject(new Error('of ours')))).rejects.toThrow('of ours');
    expect(await talk(outside, 'next')).toMatchObject({ kind: 'Talked' });
  });
});
