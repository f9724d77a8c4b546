import { minutes } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';

const rules = [{ type: 'loadForever', tieredReplicants: { hot: 2 } }];
const compaction = { skipOffsetFromLatest: 'P1D' };
const wanted = (dataSource = 'clicks', more: object = { rules, compaction }) => ({
  ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec(dataSource)), ...more },
});
const handMade = [{ type: 'dropForever' }];

async function running(more: object = { rules, compaction }, prepare: (stage: Stage) => void = () => {}) {
  const stage = new Stage({ druidCluster: 'tiny', ...wanted('clicks', more) });
  prepare(stage);
  await stage.settle();
  return stage;
}

describe('rules and compaction of a data source', () => {
  it('stay with it while Druid refuses to go on to another one', async () => {
    const stage = await running();
    stage.druid.refuse = (spec) => (JSON.stringify(spec).includes('views') ? 'no' : undefined);
    stage.edit(wanted('views'));
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'RolledBack' });
    expect(stage.druid.rules.get('clicks')).toMatchObject(rules);
    expect([...stage.druid.rules.keys(), ...stage.druid.compactions.keys()]).toEqual(['clicks', 'clicks']);
  });

  it('go on to another one with the supervisor', async () => {
    const stage = await running();
    stage.edit(wanted('views'));
    await stage.settle();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.has('clicks')]).toEqual([[], false]);
    expect(stage.druid.rules.get('views')).toMatchObject(rules);
    expect(stage.druid.compactions.has('views')).toBe(true);
  });

  it.each(['taken out of the spec', 'left with the resource'])('that others had set stay when %s', async (how) => {
    const stage = await running({ rules, compaction }, ({ druid }) => {
      druid.rules.set('clicks', rules);
      druid.compactions.set('clicks', { dataSource: 'clicks', ...compaction, inputSegmentSizeBytes: 1 });
    });
    if (how === 'left with the resource') await stage.depart();
    else {
      stage.edit(wanted('clicks', {}));
      await stage.settle();
    }
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.has('clicks')]).toEqual([rules, true]);
    expect(stage.druid.calls.filter((call) => /^(set|remove)/.test(call))).toEqual([]);
  });

  it('that others have changed since are left alone, which an event says', async () => {
    const stage = await running();
    stage.druid.rules.set('clicks', handMade);
    stage.druid.compactions.set('clicks', { dataSource: 'clicks', handMade: true });
    const { end, events } = await stage.depart();
    expect([end, stage.druid.rules.get('clicks'), stage.druid.compactions.size]).toEqual(['Done', handMade, 1]);
    expect(events.map(({ reason }) => reason)).toEqual(['Terminated', 'LeftAlone', 'LeftAlone']);
  });

  it('that were refused leave those alone that were there before', async () => {
    const stage = await running({}, ({ druid }) => druid.rules.set('clicks', handMade));
    stage.druid.refuse = (sent) => (sent['type'] === 'loadForever' ? 'no such tier' : undefined);
    stage.edit(wanted('clicks', { rules }));
    await stage.settle();
    stage.edit(wanted('clicks', {}));
    await stage.settle();
    expect(stage.druid.rules.get('clicks')).toEqual(handMade);
  });

  it('that were set while no answer came are removed all the same', async () => {
    const stage = await running({});
    stage.edit(wanted('clicks', { rules }));
    stage.druid.rules.set('clicks', []);
    const { setRules } = stage.druid.api;
    Object.assign(stage.druid.api, {
      setRules: async (...args: Parameters<typeof setRules>) => {
        Object.assign(stage.druid.api, { setRules });
        await setRules(...args);
        return { kind: 'Unreachable', message: 'no answer', reason: 'Timeout' };
      },
    });
    await stage.pass();
    await stage.wait(minutes(1));
    await stage.depart();
    expect(stage.druid.rules.get('clicks')).toEqual([]);
  });

  it('that Druid does not let go hold up a deletion, which says so', async () => {
    const stage = await running();
    Object.assign(stage.druid.api, {
      removeCompaction: () => Promise.resolve({ kind: 'Refused', message: 'not now', status: 400 }),
    });
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'EndRefused' } });
  });
});

describe('an edit of an older resource', () => {
  const older = { name: 'older', uid: 'uid-of-older', creationTimestamp: '2020-01-01T00:00:00Z' };

  it('to the data source of a younger one does not take that out of service', async () => {
    const stage = await running({}, ({ resource: { metadata } }) => {
      Object.assign(metadata, { creationTimestamp: '2026-01-01T00:00:00Z' });
    });
    const status = { id: 'other', lastGoodSpecHash: 'x', ingestionType: 'kafka', dataSource: 'other' };
    const rival = anIngestion(kafkaIngestion({}, kafkaSpec('clicks')), older, status);
    stage.rivals = [rival];
    stage.edit({ suspend: true });
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ status: 'True', reason: 'SuspendedAsAsked' });
    const edited = new Stage(rival.spec, older, status);
    edited.rivals = [stage.resource];
    await edited.settle();
    expect(edited.condition('Ready')).toMatchObject({ reason: 'OwnedByAnother' });
  });

  it('that asks for the same rules is refused them, and nothing else', async () => {
    const stage = await running({ rules });
    const ingestion = { type: 'sql', spec: 'INSERT INTO clicks SELECT 1', rules };
    const younger = { name: 'second', uid: 'uid-2', creationTimestamp: '2026-01-02T00:00:00Z' };
    const second = new Stage({ druidCluster: 'tiny', ingestion }, younger);
    second.rivals = [stage.resource];
    await second.settle();
    expect(second.condition('Synced')).toMatchObject({
      reason: 'OwnedByAnother',
      message: expect.stringContaining('rules clicks'),
    });
    expect(second.druid.submitted).toHaveLength(1);
    expect(second.druid.calls.filter((call) => call.startsWith('setRules'))).toEqual([]);
  });
});
