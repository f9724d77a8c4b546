import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import type { DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import { ownerOf, withOwner } from './spec/owner-mark.ts';

type Spec = Stage['resource']['spec'];

/** A status as the first Druid operator wrote it once it had submitted a spec. */
function formerStatus(sent: object | string = kafkaSpec(), more: Partial<DruidIngestionStatus> = {}) {
  return {
    taskId: 'clicks',
    'currentIngestionSpec.json': typeof sent === 'string' ? sent : JSON.stringify(sent),
    type: 'DruidIngestionControllerCreateFail',
    status: 'True',
    reason: '{"id":"clicks"}',
    message: 'DruidIngestionControllerCreateFail',
    lastUpdateTime: '2025-01-01T00:00:00Z',
    ...more,
  } satisfies DruidIngestionStatus;
}

/** As Druid shows a spec that the first operator submitted: with its defaults, and nobody's mark. */
function shown(spec: object = kafkaSpec()) {
  return { suspended: false, tuningFilledIn: true, ...spec };
}

function formerStage(spec: Partial<Spec> = {}, status: DruidIngestionStatus = formerStatus()): Stage {
  const stage = new Stage(kafkaIngestion(spec), {}, status);
  stage.druid.supervisors.set('clicks', shown());
  return stage;
}

function marksSent(stage: Stage): readonly (string | undefined)[] {
  return stage.druid.submitted.map((spec) => ownerOf(spec, 'kafka')?.uid);
}

function ready(stage: Stage): string {
  const { status, reason } = stage.condition('Ready') ?? {};
  return `${status} ${reason}`;
}

const another = { ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('clicks', { taskCount: 2 })) } };

describe('a supervisor of the first Druid operator', () => {
  it('is left as it runs, by a new process too, and said to be taken over once', async () => {
    const stage = formerStage();
    const { events } = await stage.pass();
    expect(events.map(({ reason }) => reason)).toEqual(['TakenOver', 'Running']);
    stage.restart();
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['True Running', []]);
    expect((await stage.pass()).events).toEqual([]);
  });

  it('is in the status and the ConfigMap like any other', async () => {
    const stage = formerStage();
    await stage.settle();
    expect(stage.status).toMatchObject({
      ...{ id: 'clicks', taskId: 'clicks', ingestionType: 'kafka', dataSource: 'clicks' },
      ...{ type: 'DruidIngestionControllerUpdateSuccess', status: 'True', reason: 'Running' },
    });
    const kept = stage.objects.find(({ kind }) => kind === 'ConfigMap');
    expect(kept?.metadata.annotations).toEqual({ 'druid.apache.org/object-hash': stage.status.lastGoodSpecHash });
  });

  it('of which Druid shows something in other words is sent without a mark, which Druid takes for the same', async () => {
    const stage = formerStage();
    stage.druid.supervisors.set('clicks', { type: 'kafka', spec: { inOtherWords: true } });
    await stage.settle();
    expect([marksSent(stage), ready(stage)]).toEqual([[undefined], 'True Running']);
  });

  it.each([
    ['another spec', another],
    ['being suspended', { suspend: true }],
  ])('gets its mark with the first change: %s', async (_what, change) => {
    const stage = formerStage();
    await stage.settle();
    stage.edit(change);
    await stage.settle();
    expect([marksSent(stage), ready(stage).slice(0, 4)]).toEqual([['uid-of-clicks'], 'True']);
    stage.restart();
    await stage.settle();
    expect(stage.druid.restarts).toBe(1);
  });

  it('is changed at once where the resource says something else by now', async () => {
    const stage = formerStage(another);
    const { events } = await stage.pass();
    expect(marksSent(stage)).toEqual(['uid-of-clicks']);
    expect(events.map(({ reason }) => reason)).toEqual(['TakenOver', 'Updated', 'Running']);
  });

  it('has its spec to go back to from the first pass on, and does not start anew for that', async () => {
    const stage = formerStage(another);
    stage.druid.refuse = (spec) => (JSON.stringify(spec).includes('taskCount') ? 'no' : undefined);
    await stage.settle();
    expect(ready(stage)).toBe('False RolledBack');
    expect(marksSent(stage)).toEqual(['uid-of-clicks', undefined]);
  });

  it('that is gone from Druid is made anew, with a mark', async () => {
    const stage = formerStage();
    stage.druid.supervisors.clear();
    await stage.settle();
    expect([marksSent(stage), ready(stage)]).toEqual([['uid-of-clicks'], 'True Running']);
    stage.restart();
    await stage.settle();
    expect(stage.druid.restarts).toBe(1);
  });

  it('that bears the mark of another resource by now is left to that one', async () => {
    const stage = formerStage();
    stage.rivals = [anIngestion(kafkaIngestion({}, kafkaSpec('views')), { name: 'b', uid: 'uid-of-b' })];
    stage.druid.supervisors.set('clicks', withOwner(shown(), 'kafka', { uid: 'uid-of-b', resource: 'shop/b' }));
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['False NotOurs', []]);
  });

  it('of another data source is ended once its successor is there', async () => {
    const stage = formerStage({ ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('views')) } });
    await stage.settle();
    expect([...stage.druid.supervisors.keys()]).toEqual(['views']);
  });

  it('is left as it runs where nobody can read what was noted', async () => {
    const stage = formerStage({}, formerStatus('{"type":'));
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['True Running', []]);
  });

  it('is not known of where the status names none: only the annotation takes it', async () => {
    const stage = formerStage({}, formerStatus('', { taskId: '' }));
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['False NotOurs', []]);
  });

  it('that runs with a spec which is refused here goes on, and that spec is kept nowhere', async () => {
    const unsafe = kafkaSpec('clicks', {
      consumerProperties: { 'bootstrap.servers': 'kafka:9092', 'sasl.jaas.config': 'password="hunter2"' },
    });
    const ingestion = { type: 'kafka', spec: JSON.stringify(unsafe) };
    const stage = formerStage({ ingestion }, formerStatus(unsafe));
    stage.druid.supervisors.set('clicks', shown(unsafe));
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['False SpecUnsafe', []]);
    expect(stage.status).toMatchObject({ id: 'clicks', state: 'RUNNING' });
    expect(JSON.stringify([stage.status, stage.objects])).not.toContain('hunter2');
  });

  it('is not reset by what was asked for before it was taken over', async () => {
    const stage = formerStage({ operations: { reset: { nonce: 'monday' } } });
    await stage.settle();
    expect(stage.druid.calls).not.toContain('reset clicks');
    expect(stage.status.operations).toMatchObject([{ name: 'reset', nonce: 'monday', state: 'Skipped' }]);
    stage.edit({ operations: { reset: { nonce: 'tuesday' } } });
    await stage.settle();
    expect(stage.druid.calls).toContain('reset clicks');
  });

  it('is ended where it was deleted while no operator ran', async () => {
    const stage = formerStage();
    const { end } = await stage.depart();
    expect([end, stage.druid.supervisors.size]).toEqual(['Done', 0]);
  });
});

describe('rules and compaction that the first Druid operator set', () => {
  const rules = [{ type: 'loadForever', tieredReplicants: { hot: 2 } }];
  const compaction = { skipOffsetFromLatest: 'PT1H' };
  const named = { ingestion: { ...kafkaIngestion().ingestion, rules, compaction } };

  function settled(spec: Partial<Spec>): Stage {
    const stage = formerStage(spec, formerStatus(kafkaSpec(), { rules }));
    stage.druid.rules.set('clicks', rules);
    stage.druid.compactions.set('clicks', { ...compaction, dataSource: 'clicks', taskPriority: 25 });
    return stage;
  }

  const writes = ({ druid }: Stage) => druid.calls.filter((call) => /^(set|remove)/.test(call));

  it('are not written where Druid has them, and go once the resource no longer names them', async () => {
    const stage = settled(named);
    await stage.settle();
    expect([ready(stage), writes(stage)]).toEqual(['True Running', []]);
    stage.edit(kafkaIngestion());
    await stage.settle();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.size]).toEqual([[], 0]);
  });

  it('stay in Druid where the resource did not name them any more, and are nobody’s', async () => {
    const stage = settled({});
    await stage.settle();
    expect(writes(stage)).toEqual([]);
    expect(stage.status.rules).toBeUndefined();
    await stage.depart();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.size]).toEqual([rules, 1]);
  });

  it('stay where the resource was deleted before it was taken over, as they would have', async () => {
    const stage = settled(named);
    await stage.depart();
    expect([stage.druid.supervisors.size, writes(stage)]).toEqual([0, []]);
  });
});

describe('two resources that had one supervisor from the first Druid operator', () => {
  const [older, younger] = ['2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z'];

  function pair(): readonly [Stage, Stage] {
    const a = new Stage(kafkaIngestion(), { name: 'a', uid: 'uid-a', creationTimestamp: older }, formerStatus());
    const b = new Stage(
      kafkaIngestion(another),
      { name: 'b', uid: 'uid-b', creationTimestamp: younger },
      formerStatus(),
    );
    for (const stage of [a, b]) stage.druid.supervisors.set('clicks', shown());
    [a.rivals, b.rivals] = [[b.resource], [a.resource]];
    return [a, b];
  }

  it('are both refused, again and again, and Druid is not asked', async () => {
    for (const stage of pair()) {
      await stage.settle();
      expect([ready(stage), stage.druid.calls]).toEqual(['False OwnedByAnother', []]);
      expect(stage.condition('Ready')?.message).toContain('Delete the one of the two whose spec is not to count');
    }
  });

  it('end nothing when one of them is deleted, and the other has it then', async () => {
    const [a, b] = pair();
    const { end, events } = await b.depart();
    expect([end, b.druid.supervisors.size]).toEqual(['Done', 1]);
    expect(events.map(({ reason }) => reason)).toEqual(['LeftAlone']);
    await a.settle();
    a.rivals = [];
    await a.settle();
    expect([ready(a), a.druid.submitted]).toEqual(['True Running', []]);
  });

  it('come before one that only asks for it, however old that is', async () => {
    const [a] = pair();
    a.rivals = [anIngestion(kafkaIngestion(), { name: 'c', uid: 'uid-c', creationTimestamp: '2024-01-01T00:00:00Z' })];
    await a.settle();
    expect([ready(a), a.druid.submitted]).toEqual(['True Running', []]);
  });
});
