import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, Stage } from './a-stage.fixture.ts';

const timeout = {
  kind: 'Unreachable',
  message: 'no answer within 10 s',
  reason: 'Timeout',
  asked: 'Question',
} as const;
const refused = { kind: 'Unreachable', message: 'nobody listens', reason: 'NoConnection' } as const;

describe('a Druid that does not answer', () => {
  it.each([timeout, refused])('costs one write of the status, however long it lasts: $message', async (trouble) => {
    const stage = new Stage(kafkaIngestion());
    await stage.settle();
    stage.druid.trouble = trouble;
    await stage.pass();
    const writes = stage.statuses.length;
    for (let round = 0; round < 60; round += 1) {
      await stage.wait(seconds(5));
      await stage.pass();
    }
    expect(stage.condition('Ready')?.message).toBe(`${trouble.message}. Trying again.`);
    expect(stage.statuses).toHaveLength(writes);
  });

  it('is named as the cause of a deletion that waits, also while it is left alone', async () => {
    const stage = new Stage(kafkaIngestion());
    await stage.settle();
    stage.druid.trouble = refused;
    await stage.depart();
    const writes = stage.statuses.length;
    for (let round = 0; round < 12; round += 1) {
      const { end } = await stage.depart(minutes(6));
      expect(end).toMatchObject({ waitingFor: { reason: 'DruidUnreachable', message: 'nobody listens' } });
      await stage.wait(seconds(5));
    }
    expect(stage.statuses).toHaveLength(writes);
  });
});
