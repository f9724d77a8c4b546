import { minutes } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import { adoptAnnotation } from './converge/ownership.ts';
import { withOwner } from './spec/owner-mark.ts';

const theirs = withOwner(kafkaSpec(), 'kafka', { uid: 'uid-of-b', resource: 'shop/b' });
const other = anIngestion(kafkaIngestion({}, kafkaSpec('other')), { name: 'b', uid: 'uid-of-b' });

async function adopted(): Promise<Stage> {
  const stage = new Stage(kafkaIngestion());
  stage.annotate(adoptAnnotation, 'true');
  stage.druid.supervisors.set('clicks', kafkaSpec());
  await stage.settle();
  expect(stage.condition('Ready')).toMatchObject({ reason: 'Running' });
  return stage;
}

describe('the annotation that adopts', () => {
  it('takes over what belongs to a resource that has gone', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.annotate(adoptAnnotation, 'true');
    stage.druid.supervisors.set('clicks', theirs);
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'Running' });
  });

  it('takes what belongs to one that exists only by its UID, which the condition tells', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.rivals = [other];
    stage.annotate(adoptAnnotation, 'true');
    stage.druid.supervisors.set('clicks', theirs);
    await stage.settle();
    expect(stage.druid.submitted).toEqual([]);
    expect(stage.condition('Ready')).toMatchObject({
      reason: 'NotOurs',
      message: expect.stringContaining(`${adoptAnnotation}=uid-of-b`),
    });
    stage.annotate(adoptAnnotation, 'uid-of-b');
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'Running' });
  });

  it('does not take back what another resource has adopted since', async () => {
    const stage = await adopted();
    stage.rivals = [other];
    stage.druid.supervisors.set('clicks', theirs);
    const before = stage.druid.submitted.length;
    for (let minute = 0; minute < 5; minute += 1) {
      await stage.wait(minutes(1));
      await stage.settle();
    }
    expect(stage.druid.submitted).toHaveLength(before);
    expect(stage.condition('Ready')).toMatchObject({ reason: 'NotOurs' });
  });

  it.each(['true', 'uid-of-b'])('of value %s does not end what belongs to another resource by now', async (value) => {
    const stage = await adopted();
    stage.annotate(adoptAnnotation, value);
    stage.rivals = [other];
    stage.druid.supervisors.set('clicks', theirs);
    const { end, events } = await stage.depart();
    expect([end, stage.druid.supervisors.get('clicks')]).toEqual(['Done', theirs]);
    expect(events.map(({ reason }) => reason)).toEqual(['LeftAlone']);
  });
});

/** What is left of a resource that was restored from a backup: its UID is another one, and its status is lost. */
function restored(from: Stage): Stage {
  const stage = new Stage(from.resource.spec, { uid: 'uid-of-the-restored' });
  for (const [id, spec] of from.druid.supervisors) stage.druid.supervisors.set(id, spec);
  return stage;
}

describe('a resource that was restored', () => {
  it('takes its supervisor up again by its name, unless the resource it was still exists', async () => {
    const first = new Stage(kafkaIngestion());
    await first.settle();
    const again = restored(first);
    await again.settle();
    expect(again.condition('Ready')).toMatchObject({ reason: 'Running' });
    expect(again.druid.restarts).toBe(1);
    const twin = restored(first);
    twin.rivals = [first.resource];
    await twin.settle();
    expect(twin.condition('Ready')).toMatchObject({ status: 'False' });
    expect(twin.druid.submitted).toEqual([]);
  });

  it('has its supervisor ended when it is deleted before its first pass', async () => {
    const first = new Stage(kafkaIngestion());
    await first.settle();
    const again = restored(first);
    const { end } = await again.depart();
    expect([end, again.druid.supervisors.size]).toEqual(['Done', 0]);
  });

  it('leaves alone what is not its own then, and says so', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.supervisors.set('clicks', kafkaSpec());
    const { end, events } = await stage.depart();
    expect([end, stage.druid.supervisors.size]).toEqual(['Done', 1]);
    expect(events.map(({ reason }) => reason)).toEqual(['LeftAlone']);
  });

  it('keeps the id that its supervisor had from an older Druid', async () => {
    const first = new Stage(kafkaIngestion({}, { ...kafkaSpec(), id: 'web' }));
    await first.settle();
    expect([...first.druid.supervisors.keys()]).toEqual(['clicks']);
    const again = restored(first);
    await again.settle();
    expect(again.druid.submitted.at(-1)).toMatchObject({ id: 'clicks' });
  });
});

describe('a resource that Druid never took anything of', () => {
  it('does not end what somebody made by hand under the same id', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.refuse = () => 'no';
    await stage.settle();
    expect(stage.status.id).toBeUndefined();
    stage.druid.supervisors.set('clicks', { type: 'kafka', byHand: true });
    const { calls } = await stage.depart();
    expect([stage.druid.supervisors.has('clicks'), calls]).toEqual([true, ['supervisorSpec clicks']]);
  });
});
