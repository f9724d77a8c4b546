import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import type { DruidApi } from './druid/druid-api.ts';

const timeout = { kind: 'Unreachable', message: 'no answer', reason: 'Timeout' } as const;
const intoViews = { ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('views')) } };

/** Druid does what it is asked by the next POST, and its answer is lost. */
function loseNextAnswer({ druid }: Stage): void {
  const { submitSupervisor } = druid.api;
  const lose: DruidApi['submitSupervisor'] = async (spec) => {
    Object.assign(druid.api, { submitSupervisor });
    await submitSupervisor(spec);
    return timeout;
  };
  Object.assign(druid.api, { submitSupervisor: lose });
}

async function running(more: Parameters<typeof kafkaIngestion>[0] = {}): Promise<Stage> {
  const stage = new Stage(kafkaIngestion(more));
  await stage.settle();
  return stage;
}

describe('a new supervisor of which no answer told', () => {
  it('is in the status before it is asked for', async () => {
    const stage = await running();
    loseNextAnswer(stage);
    stage.edit(intoViews);
    await stage.pass();
    expect(stage.status).toMatchObject({ id: 'clicks', submitting: { ids: ['views'] } });
  });

  it.each([
    ['goes back to the former one', kafkaSpec(), ['clicks']],
    ['goes on to a third one', kafkaSpec('third'), ['third']],
    ['is left as it is', kafkaSpec('views'), ['views']],
  ])('does not run on where the spec %s', async (_what, spec, left) => {
    const stage = await running();
    loseNextAnswer(stage);
    stage.edit(intoViews);
    await stage.pass();
    stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(spec) } });
    await stage.wait(minutes(1));
    await stage.settle();
    expect([...stage.druid.supervisors.keys()]).toEqual(left);
    await stage.wait(minutes(3));
    await stage.settle();
    expect([stage.status.submitting, stage.status.formerIds]).toEqual([undefined, undefined]);
  });

  it('ends with its resource', async () => {
    const stage = await running();
    loseNextAnswer(stage);
    stage.edit(intoViews);
    await stage.pass();
    await stage.wait(minutes(1));
    expect([(await stage.depart()).end, stage.druid.supervisors.size]).toEqual(['Done', 0]);
  });

  it('is waited for by a deletion for as long as Druid may still make it', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.troubles.set('submitSupervisor', timeout);
    await stage.pass();
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'SubmissionUnknown' } });
    await stage.wait(minutes(2));
    expect((await stage.depart()).end).toBe('Done');
  });

  it('is not looked for where it was certainly not asked for', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.troubles.set('submitSupervisor', { kind: 'Denied', status: 403, message: 'Forbidden' });
    await stage.pass();
    expect(stage.status.submitting).toBeUndefined();
  });
});

describe('operations that a new resource comes with', () => {
  const operations = { reset: { nonce: 'old' } };

  it.each(['rules clicks', 'supervisorStatus clicks', 'submitSupervisor clicks'])(
    'are skipped, also where %s is not answered at first',
    async (call) => {
      const rules = [{ type: 'loadForever' }];
      const stage = new Stage(kafkaIngestion({ operations, ingestion: { ...kafkaIngestion().ingestion, rules } }));
      stage.druid.troubles.set(call, { kind: 'Denied', status: 403, message: 'Forbidden' });
      await stage.pass();
      stage.druid.troubles.clear();
      await stage.wait(minutes(2));
      await stage.settle();
      expect(stage.druid.calls).not.toContain('reset clicks');
      expect(stage.status.operations).toMatchObject([{ name: 'reset', nonce: 'old', state: 'Skipped' }]);
    },
  );
});

describe('an operation', () => {
  const asked = (nonce: string) => ({ operations: { reset: { nonce } } });
  const resets = ({ druid }: Stage) => druid.calls.filter((call) => call === 'reset clicks').length;

  it('is not carried out again where the spec goes back to a nonce that was used before', async () => {
    const stage = await running();
    for (const nonce of ['a', 'b', 'a']) {
      stage.edit(asked(nonce));
      await stage.settle();
    }
    expect([resets(stage), stage.status.operations]).toMatchObject([2, [{ nonce: 'b', formerNonces: ['a'] }]]);
  });

  it.each([
    { kind: 'Unreachable', message: 'nobody listens', reason: 'NoConnection' } as const,
    { kind: 'Unreachable', message: 'HTTP 503', status: 503, reason: 'Unavailable' } as const,
    { kind: 'Denied', message: 'Forbidden', status: 403 } as const,
  ])('that was certainly not carried out is tried again: %o', async (trouble) => {
    const stage = await running();
    stage.druid.troubles.set('reset ', trouble);
    stage.edit(asked('a'));
    await stage.pass();
    expect(stage.status.operations).toBeUndefined();
    stage.druid.troubles.clear();
    await stage.wait(seconds(30));
    await stage.settle();
    expect(stage.status.operations).toMatchObject([{ nonce: 'a', state: 'Done' }]);
  });
});

describe('supervisors of former data sources that Druid will not end', () => {
  it('are never more than the status can hold: no more are made then', async () => {
    const stage = await running();
    Object.assign(stage.druid.api, {
      terminate: () => Promise.resolve({ kind: 'Refused', message: 'not now', status: 400 }),
    });
    for (let round = 0; round < 40; round += 1) {
      stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec(`views-${round}`)) } });
      await stage.pass();
    }
    expect(stage.status.formerIds?.length).toBeLessThanOrEqual(32);
    expect(stage.condition('Ready')).toMatchObject({ reason: 'EndRefused' });
    expect(stage.druid.supervisors.size).toBe((stage.status.formerIds?.length ?? 0) + 1);
  });
});
