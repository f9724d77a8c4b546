import { DruidIngestion } from '@capstan/druid-operator';
import { minutes } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WantedIngestion } from '../open-druid-world.ts';
import { describeWithDruid } from './describe-with-druid.ts';
import { type DruidConsole, valueAt } from './druid-console.ts';
import {
  bringUp,
  openRealDruidWorld,
  patience,
  type RealDruidWorld,
  untilGone,
  untilPasses,
  untilReason,
  untilTold,
} from './open-real-druid-world.ts';
import { ingestionOf, realKafkaSpec } from './real-kafka-spec.ts';

/** As many tasks as the indexer runs at once. */
const workers = 4;

/** A task that reads a few rows out of its own spec. */
function batchSpec(dataSource: string, rows = 3): string {
  const data = Array.from({ length: rows }, (_, row) => `{"ts":"2026-01-01T00:00:00Z","page":"${row}"}`).join('\n');
  return JSON.stringify({
    type: 'index_parallel',
    spec: {
      dataSchema: { dataSource, timestampSpec: { column: 'ts' }, dimensionsSpec: { dimensions: ['page'] } },
      ioConfig: { type: 'index_parallel', inputSource: { type: 'inline', data }, inputFormat: { type: 'json' } },
      tuningConfig: { type: 'index_parallel' },
    },
  });
}

function ingestion(
  name: string,
  type: string,
  spec: string,
  more: Partial<WantedIngestion['spec']> = {},
): WantedIngestion {
  return { metadata: { name }, spec: { druidCluster: 'tiny', ingestion: { type, spec }, ...more } };
}

const rules = [
  { type: 'loadByPeriod', period: 'P1M', tieredReplicants: { _default_tier: 1 } },
  { type: 'dropForever' },
];

/** A suspended supervisor of the data source of its name, with settings of that. */
function withSettings(name: string, settings: object): WantedIngestion {
  const { metadata, spec } = ingestionOf(name, realKafkaSpec('127.0.0.1:1', name), { suspend: true });
  return { metadata, spec: { ...spec, ingestion: { ...spec.ingestion, ...settings } } };
}

function rulesOf(dataSource: string): string {
  return `/druid/coordinator/v1/rules/${dataSource}`;
}

function compactionOf(dataSource: string): string {
  return `/druid/indexer/v1/compaction/config/datasources/${dataSource}`;
}

/** Where it is kept whether Druid compacts by supervisors. */
const clusterCompaction = '/druid/indexer/v1/compaction/config/cluster';

describeWithDruid('tasks and settings in a real Druid', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-tasks' });
    ({ world, console } = opened);
  });

  afterAll(async () => {
    globalThis.console.log(`tasks and settings: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  async function statusOf(name: string) {
    return (await world.get(DruidIngestion, name))?.status ?? {};
  }

  async function taskStatus(id: string): Promise<unknown> {
    return valueAt((await console.ask('GET', `/druid/indexer/v1/task/${id}/status`)).json, 'status');
  }

  /** Waits until Druid keeps these settings for a data source. */
  function untilSettings(dataSource: string, expected: object): Promise<void> {
    return world.eventually(async () => {
      const [kept, compaction] = [
        await console.ask('GET', rulesOf(dataSource)),
        await console.ask('GET', compactionOf(dataSource)),
      ];
      const period = valueAt(kept.json, '0', 'period');
      expect({ period, skipOffsetFromLatest: valueAt(compaction.json, 'skipOffsetFromLatest') }).toEqual(expected);
    }, patience);
  }

  /** Suspends an ingestion, or resumes it, and waits until its supervisor is so. */
  async function suspendedInDruid(name: string, id: string, suspend: boolean): Promise<void> {
    await world.edit(DruidIngestion, name, { spec: { suspend } });
    await world.untilCondition(DruidIngestion, name, 'Suspended', suspend ? 'True' : 'False', patience);
    expect(valueAt(await console.supervisor(id), 'suspended')).toBe(suspend);
  }

  /** Gives the indexer so much to do that a further task waits. Returns what ends that. */
  async function occupy(): Promise<() => Promise<void>> {
    const ids = Array.from({ length: workers }, (_, index) => `noop-${index}-${scenarios}`);
    for (const id of ids) {
      const { status } = await console.ask('POST', '/druid/indexer/v1/task', { type: 'noop', id, runTime: 120_000 });
      expect(status).toBe(200);
    }
    return async () => {
      for (const id of ids) await console.ask('POST', `/druid/indexer/v1/task/${id}/shutdown`);
    };
  }

  it('a batch runs to its end, once', async () => {
    await bringUp(world, ingestion('batch', 'native-batch', batchSpec('batched')));
    const { id = '', state } = await statusOf('batch');
    expect([state, valueAt(await taskStatus(id), 'statusCode')]).toEqual(['SUCCESS', 'SUCCESS']);
    await untilTold(world, 'batch', 'Succeeded');
    await world.restartOperator();
    await world.settled();
    expect(opened.tally.of('submitTask')).toBe(1);
    scenarios += 1;
  });

  it('a batch whose spec changes stops the task of the former one, and runs the new one', async () => {
    const free = await occupy();
    await world.apply(DruidIngestion, ingestion('changed', 'native-batch', batchSpec('changed')));
    await untilReason(world, 'changed', 'TaskRunning');
    const { id: former = '' } = await statusOf('changed');
    expect(valueAt(await taskStatus(former), 'runnerStatusCode')).toBe('PENDING');
    const patch = { spec: { ingestion: { type: 'native-batch', spec: batchSpec('changed', 5) } } };
    await world.edit(DruidIngestion, 'changed', patch);
    await untilTold(world, 'changed', 'Replaced');
    expect(valueAt(await taskStatus(former), 'statusCode')).toBe('FAILED');
    await free();
    await untilReason(world, 'changed', 'Succeeded');
    const { id } = await statusOf('changed');
    expect(id).not.toBe(former);
    scenarios += 1;
  });

  it('a batch is stopped while it is suspended, and another task runs afterwards', async () => {
    const free = await occupy();
    await world.apply(DruidIngestion, ingestion('paused', 'native-batch', batchSpec('paused')));
    await untilReason(world, 'paused', 'TaskRunning');
    const { id: former = '' } = await statusOf('paused');
    await world.edit(DruidIngestion, 'paused', { spec: { suspend: true } });
    await untilReason(world, 'paused', 'SuspendedAsAsked');
    expect(valueAt(await taskStatus(former), 'statusCode')).toBe('FAILED');
    await free();
    await world.edit(DruidIngestion, 'paused', { spec: { suspend: false } });
    await untilReason(world, 'paused', 'Succeeded');
    scenarios += 1;
  });

  it('a batch that is deleted while it runs is stopped', async () => {
    const free = await occupy();
    await world.apply(DruidIngestion, ingestion('gone', 'native-batch', batchSpec('gone')));
    await untilReason(world, 'gone', 'TaskRunning');
    const { id = '' } = await statusOf('gone');
    await world.delete(DruidIngestion, 'gone');
    await untilGone(world, 'gone');
    expect(valueAt(await taskStatus(id), 'statusCode')).toBe('FAILED');
    await free();
    scenarios += 1;
  });

  it('a batch that Druid ends as failed is told so, and not run again', async () => {
    const spec = JSON.parse(batchSpec('failing'));
    spec.spec.ioConfig.inputSource.data = 'this is no JSON';
    spec.spec.tuningConfig.maxParseExceptions = 0;
    const submitted = opened.tally.of('submitTask');
    await world.apply(DruidIngestion, ingestion('failing', 'native-batch', JSON.stringify(spec)));
    await untilReason(world, 'failing', 'TaskFailed');
    await world.settled();
    expect(opened.tally.of('submitTask')).toBe(submitted + 1);
    await world.edit(DruidIngestion, 'failing', {
      spec: { ingestion: { type: 'native-batch', spec: batchSpec('failing') } },
    });
    await untilReason(world, 'failing', 'Succeeded');
    scenarios += 1;
  });

  it('a batch that Druid refuses is not sent again, and can be corrected', async () => {
    const spec = JSON.stringify({ type: 'index_parallel', spec: { dataSchema: { dataSource: 'refused' } } });
    const submitted = opened.tally.of('submitTask');
    await world.apply(DruidIngestion, ingestion('refused', 'native-batch', spec));
    await untilReason(world, 'refused', 'SpecRejected');
    await untilPasses(world, 'refused', 3);
    expect(opened.tally.of('submitTask')).toBe(submitted + 1);
    await world.edit(DruidIngestion, 'refused', { spec: { ingestion: { spec: batchSpec('refused') } } });
    await untilReason(world, 'refused', 'Succeeded');
    scenarios += 1;
  });

  it('rules and compaction are set, put right when somebody changes them, and taken away again', async () => {
    const compaction = { skipOffsetFromLatest: 'PT1H', taskPriority: 20 };
    await bringUp(world, withSettings('kept', { rules, compaction }));
    await untilSettings('kept', { period: 'P1M', skipOffsetFromLatest: 'PT1H' });
    const { changes } = opened.tally;
    await untilPasses(world, 'kept', 5);
    expect(opened.tally.changes).toBe(changes);

    await console.ask('POST', rulesOf('kept'), [{ type: 'dropForever' }]);
    await console.ask('POST', compactionOf('kept'), { dataSource: 'kept', skipOffsetFromLatest: 'P7D' });
    opened.clock.skip(minutes(5));
    await untilSettings('kept', { period: 'P1M', skipOffsetFromLatest: 'PT1H' });
    await console.ask('POST', rulesOf('kept'), []);
    await console.ask('DELETE', compactionOf('kept'));
    opened.clock.skip(minutes(5));
    await untilSettings('kept', { period: 'P1M', skipOffsetFromLatest: 'PT1H' });

    await world.edit(DruidIngestion, 'kept', { spec: { ingestion: { rules: null, compaction: null } } });
    await untilSettings('kept', { period: undefined, skipOffsetFromLatest: undefined });
    scenarios += 1;
  });

  it('rules and compaction go with their resource', async () => {
    await bringUp(world, withSettings('going', { rules, compaction: { skipOffsetFromLatest: 'PT1H' } }));
    await untilSettings('going', { period: 'P1M', skipOffsetFromLatest: 'PT1H' });
    await world.delete(DruidIngestion, 'going');
    await untilGone(world, 'going');
    await untilSettings('going', { period: undefined, skipOffsetFromLatest: undefined });
    scenarios += 1;
  });

  it('rules and compaction move with the data source', async () => {
    await bringUp(world, withSettings('moving', { rules, compaction: { skipOffsetFromLatest: 'PT1H' } }));
    const spec = realKafkaSpec('127.0.0.1:1', 'moved');
    await world.edit(DruidIngestion, 'moving', { spec: { ingestion: { type: 'kafka', spec } } });
    await untilSettings('moving', { period: undefined, skipOffsetFromLatest: undefined });
    await untilSettings('moved', { period: 'P1M', skipOffsetFromLatest: 'PT1H' });
    scenarios += 1;
  });

  it.each([
    { aspect: 'rules', settings: { rules: [{ type: 'nosuch' }] }, reason: 'RulesRejected' },
    { aspect: 'compaction', settings: { compaction: { taskPriority: 'high' } }, reason: 'CompactionRejected' },
  ])('$aspect that Druid refuses cost the supervisor nothing, and are not sent in each pass', async (wrong) => {
    const name = `wrong-${wrong.aspect}`;
    await world.apply(DruidIngestion, withSettings(name, wrong.settings));
    await untilReason(world, name, wrong.reason);
    const supervisor = await console.supervisor(name);
    const { changes } = opened.tally;
    await untilPasses(world, name, 5);
    expect([opened.tally.changes, await console.supervisor(name)]).toEqual([changes, supervisor]);
    await world.edit(DruidIngestion, name, { spec: { ingestion: { [wrong.aspect]: null } } });
    await untilReason(world, name, 'SuspendedAsAsked');
    scenarios += 1;
  });

  it('compaction as a supervisor of its own carries its owner, is sent once, is suspended, and ends with its resource', async () => {
    await console.ask('POST', clusterCompaction, { useSupervisors: true });
    const id = 'autocompact__batched';
    const spec = JSON.stringify({ type: 'autocompact', spec: { dataSource: 'batched', skipOffsetFromLatest: 'PT0S' } });
    await bringUp(world, ingestion('compactor', 'autocompact', spec));
    const { uid } = (await world.get(DruidIngestion, 'compactor'))?.metadata ?? {};
    expect(valueAt(await console.supervisor(id), 'spec', 'taskContext', 'druidIngestionUid')).toBe(uid);
    opened.clock.skip(minutes(1));
    await untilPasses(world, 'compactor', 5);
    expect(opened.tally.submissionsOf('batched')).toBe(1);
    await suspendedInDruid('compactor', id, true);
    await suspendedInDruid('compactor', id, false);
    await world.delete(DruidIngestion, 'compactor');
    await untilGone(world, 'compactor');
    expect(await console.supervisor(id)).toBeUndefined();
    scenarios += 1;
  });

  it('compaction as a supervisor is not said to run in a Druid that does not compact by supervisors', async () => {
    await console.ask('POST', clusterCompaction, { useSupervisors: false });
    const spec = JSON.stringify({ type: 'autocompact', spec: { dataSource: 'idle' } });
    await world.apply(DruidIngestion, ingestion('idle', 'autocompact', spec));
    await untilTold(world, 'idle', 'Submitted');
    await world.eventually(async () => expect((await statusOf('idle')).state).toBe('NOT_ENABLED'), patience);
    const ready = (await world.conditions(DruidIngestion, 'idle')).find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', message: expect.stringContaining('NOT_ENABLED') });
    scenarios += 1;
  });

  it('a schedule carries its owner, is sent once, is suspended, and ends with its resource', async () => {
    const query = 'REPLACE INTO x OVERWRITE ALL SELECT * FROM y PARTITIONED BY DAY';
    const schedulerConfig = { type: 'unix', schedule: '0 0 1 1 *' };
    // Whoever names the data source needs no broker to find it out.
    const spec = { type: 'scheduled_batch', schedulerConfig, spec: { query }, dataSource: 'x', id: 'yearly' };
    await bringUp(world, ingestion('schedule', 'scheduled_batch', JSON.stringify(spec)));
    const { uid } = (await world.get(DruidIngestion, 'schedule'))?.metadata ?? {};
    expect(valueAt(await console.supervisor('yearly'), 'spec', 'context', 'druidIngestionUid')).toBe(uid);
    opened.clock.skip(minutes(1));
    await untilPasses(world, 'schedule', 5);
    expect(opened.tally.submissionsOf('x')).toBe(1);
    await suspendedInDruid('schedule', 'yearly', true);
    await suspendedInDruid('schedule', 'yearly', false);
    await world.delete(DruidIngestion, 'schedule');
    await untilGone(world, 'schedule');
    expect(await console.supervisor('yearly')).toBeUndefined();
    scenarios += 1;
  });

  it('a schedule that Druid cannot check for want of a broker is tried again soon, as any outage', async () => {
    const query = 'REPLACE INTO x OVERWRITE ALL SELECT * FROM y PARTITIONED BY DAY';
    const spec = { type: 'scheduled_batch', schedulerConfig: { type: 'unix', schedule: '@daily' }, spec: { query } };
    await world.apply(DruidIngestion, ingestion('unchecked', 'scheduled_batch', JSON.stringify(spec)));
    await untilReason(world, 'unchecked', 'DruidUnreachable');
    await world.delete(DruidIngestion, 'unchecked');
    await untilGone(world, 'unchecked');
    scenarios += 1;
  });

  it('compaction is made anew as a supervisor when Druid begins to compact by supervisors, and goes as one', async () => {
    await bringUp(world, withSettings('modern', { compaction: { skipOffsetFromLatest: 'PT1H' } }));
    await untilSettings('modern', { period: undefined, skipOffsetFromLatest: 'PT1H' });
    expect(await console.supervisorIds()).not.toContain('autocompact__modern');
    await console.ask('POST', clusterCompaction, { useSupervisors: true });
    opened.clock.skip(minutes(5));
    await world.eventually(
      async () => expect(await console.supervisorIds()).toContain('autocompact__modern'),
      patience,
    );
    await untilSettings('modern', { period: undefined, skipOffsetFromLatest: 'PT1H' });
    const sent = opened.tally.compactionsOf('modern');
    opened.clock.skip(minutes(5));
    await untilPasses(world, 'modern', 4);
    expect(opened.tally.compactionsOf('modern')).toBe(sent);
    await world.edit(DruidIngestion, 'modern', { spec: { ingestion: { compaction: null } } });
    await untilSettings('modern', { period: undefined, skipOffsetFromLatest: undefined });
    expect(await console.supervisorIds()).not.toContain('autocompact__modern');
    scenarios += 1;
  });
});
