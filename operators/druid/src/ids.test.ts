import { minutes } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import type { DruidApi, JsonObject } from './druid/druid-api.ts';
import { ownerOf, withOwner } from './spec/owner-mark.ts';

const ours = 'uid-of-clicks';

/** A spec that reads into `clicks` and asks for an id of its own. */
function named(id: string, more: object = {}): JsonObject {
  return { ...kafkaSpec('clicks', more), id };
}

/** From 34 on, Druid names a supervisor by the id in its spec; before, by its data source alone. */
function honourIds({ druid }: Stage): void {
  const submitSupervisor: DruidApi['submitSupervisor'] = (spec) => {
    const id = String(spec['id'] ?? 'clicks');
    druid.calls.push(`submitSupervisor ${id}`);
    druid.submitted.push(spec);
    druid.supervisors.set(id, { ...spec, tuningFilledIn: true });
    return Promise.resolve({ kind: 'Done', value: { id }, status: 200 });
  };
  Object.assign(druid.api, { submitSupervisor });
}

/** Before 34, Druid passes over the id, and does not show it. */
function passOverIds({ druid }: Stage): void {
  const { submitSupervisor: submit } = druid.api;
  const submitSupervisor: DruidApi['submitSupervisor'] = ({ id: _unknown, ...spec }) => submit(spec);
  Object.assign(druid.api, { submitSupervisor });
}

const druids = [
  { druid: 'a Druid before 34', given: 'clicks', prepare: passOverIds },
  { druid: 'a Druid from 34 on', given: 'web', prepare: honourIds },
];

async function running({ prepare }: (typeof druids)[number], spec = named('web')): Promise<Stage> {
  const stage = new Stage(kafkaIngestion({}, spec));
  prepare(stage);
  await stage.settle();
  return stage;
}

function ids({ druid }: Stage): readonly string[] {
  return [...druid.supervisors.keys()];
}

describe.each(druids)('a spec with another id than its data source, in $druid', (druid) => {
  const { given } = druid;

  it('has one supervisor, under the id that Druid gave it', async () => {
    const stage = await running(druid);
    expect(ids(stage)).toEqual([given]);
    expect(stage.status).toMatchObject({ id: given, taskId: given, state: 'RUNNING' });
    expect(stage.status).not.toHaveProperty('formerIds');
    expect(stage.condition('Ready')).toMatchObject({ status: 'True', reason: 'Running' });
  });

  it('costs one question a pass when it is settled', async () => {
    const stage = await running(druid);
    expect((await stage.pass()).calls).toEqual([`supervisorStatus ${given}`]);
    await stage.wait(minutes(2));
    expect((await stage.pass()).calls).toEqual([`supervisorSpec ${given}`]);
  });

  it('is put right where somebody changed or ended it', async () => {
    const stage = await running(druid);
    stage.druid.supervisors.delete(given);
    await stage.pass();
    expect(ids(stage)).toEqual([given]);
    stage.druid.supervisors.set(given, withOwner({ type: 'kafka', changed: true }, 'kafka', { uid: ours }));
    await stage.wait(minutes(2));
    await stage.pass();
    expect(stage.druid.supervisors.get(given)).not.toHaveProperty('changed');
  });

  it('is suspended and changed under the same id', async () => {
    const stage = await running(druid);
    stage.edit({ suspend: true });
    await stage.pass();
    expect([ids(stage), stage.druid.supervisors.get(given)]).toMatchObject([[given], { suspended: true }]);
    stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(named('web', { taskCount: 2 })) } });
    await stage.pass();
    expect([ids(stage), stage.status.formerIds]).toEqual([[given], undefined]);
  });

  it('is not started anew by a new operator', async () => {
    const stage = await running(druid);
    const before = stage.druid.supervisors.get(given);
    stage.restart();
    await stage.settle();
    expect([ids(stage), stage.druid.supervisors.get(given)]).toEqual([[given], before]);
  });

  it('ends with its resource', async () => {
    const stage = await running(druid);
    const { end, calls } = await stage.depart();
    expect([end, ids(stage), calls]).toEqual(['Done', [], [`supervisorSpec ${given}`, `terminate ${given}`]]);
  });

  it.each(['web', 'clicks'])('leaves a supervisor %s alone that is somebody else’s', async (id) => {
    const stage = new Stage(kafkaIngestion({}, named('web')));
    druid.prepare(stage);
    const theirs = withOwner({ type: 'kafka' }, 'kafka', { uid: 'another' });
    stage.druid.supervisors.set(id, theirs);
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ status: 'False', reason: 'NotOurs' });
    await stage.depart();
    expect([...stage.druid.supervisors]).toEqual([[id, theirs]]);
  });
});

describe('a spec that gets another id', () => {
  it('keeps its supervisor in a Druid before 34', async () => {
    const stage = await running(druids[0] ?? expect.unreachable());
    stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(named('shop')) } });
    await stage.settle();
    expect([ids(stage), stage.status.id, stage.status.formerIds]).toEqual([['clicks'], 'clicks', undefined]);
  });

  it('leaves nothing of the old one in a Druid from 34 on', async () => {
    const stage = await running(druids[1] ?? expect.unreachable());
    stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(named('shop')) } });
    await stage.settle();
    expect([ids(stage), stage.status.id, stage.status.formerIds]).toEqual([['shop'], 'shop', undefined]);
  });
});

it('a Druid that begins to honour ids keeps the supervisor, and the offsets that hang on its id', async () => {
  const stage = await running(druids[0] ?? expect.unreachable());
  honourIds(stage);
  stage.edit({ suspend: true });
  await stage.settle();
  expect([ids(stage), stage.status.id, stage.status.formerIds]).toEqual([['clicks'], 'clicks', undefined]);
  expect(ownerOf(stage.druid.supervisors.get('clicks') ?? {}, 'kafka')?.uid).toBe(ours);
});

describe('a supervisor under an id of its own', () => {
  const [older = expect.unreachable(), newer = expect.unreachable()] = druids;

  it('a supervisor whose making was not answered ends with its resource, in a Druid before 34', async () => {
    const stage = new Stage(kafkaIngestion({}, named('web')));
    const { submitSupervisor } = stage.druid.api;
    const loseAnswer: DruidApi['submitSupervisor'] = async (spec) => {
      await submitSupervisor(spec);
      return { kind: 'Unreachable', message: 'no answer', reason: 'Timeout' };
    };
    Object.assign(stage.druid.api, { submitSupervisor: loseAnswer });
    await stage.pass();
    await stage.wait(minutes(1));
    const { end } = await stage.depart();
    expect([end, ids(stage)]).toEqual(['Done', []]);
  });

  it('a supervisor that somebody made by hand after ours was refused survives our deletion', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.refuse = () => 'no';
    await stage.pass();
    stage.druid.supervisors.set('clicks', { type: 'kafka', byHand: true });
    await stage.depart();
    expect(ids(stage)).toEqual(['clicks']);
  });

  it('suspending is told as such, in a Druid before 34', async () => {
    const stage = await running(older);
    stage.edit({ suspend: true });
    expect((await stage.pass()).events.map(({ reason }) => reason)).toContain('Suspended');
  });

  it('a new operator tells of nothing, in a Druid before 34', async () => {
    const stage = await running(older);
    stage.restart();
    expect((await stage.pass()).events).toEqual([]);
  });

  it('a changed supervisor is not told as gone, in a Druid before 34', async () => {
    const stage = await running(older);
    stage.druid.supervisors.set('clicks', withOwner({ type: 'kafka', changed: true }, 'kafka', { uid: ours }));
    await stage.wait(minutes(2));
    expect((await stage.pass()).events).toMatchObject([
      { note: 'Supervisor clicks had been changed in Druid: put right' },
    ]);
  });

  it('a supervisor that Druid has under its own id is not held up by another one of the same data source', async () => {
    const stage = await running(newer);
    stage.druid.supervisors.set('clicks', withOwner({ type: 'kafka' }, 'kafka', { uid: 'another' }));
    stage.edit({ suspend: true });
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'SuspendedAsAsked' });
  });
});
