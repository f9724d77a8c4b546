import { DruidIngestion } from '@capstan/druid-operator';
import { ConfigMap } from '@capstan/kube';
import { minutes } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithDruid } from './describe-with-druid.ts';
import { type DruidConsole, listOf, valueAt } from './druid-console.ts';
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
import { ingestionOf, realKafkaSpec, type SpecParts } from './real-kafka-spec.ts';

const records = Array.from({ length: 20 }, (_, index) =>
  JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', page: `page-${index}` }),
);

describeWithDruid('an ingestion from a real Kafka into a real Druid', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-life', druid: { kafka: true } });
    ({ world, console } = opened);
    await opened.druid.kafka?.createTopic('clicks');
  });

  afterAll(async () => {
    globalThis.console.log(`life cycle: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  /** A supervisor of a data source that reads the topic of the records. */
  function spec(dataSource: string, parts: SpecParts = {}): string {
    const servers = opened.druid.kafka?.bootstrapServers ?? '';
    return realKafkaSpec(servers, dataSource, { ...parts, ioConfig: { topic: 'clicks', ...parts.ioConfig } });
  }

  function edit(patch: object): Promise<unknown> {
    return world.edit(DruidIngestion, 'clicks', { spec: patch });
  }

  async function statusOf(name: string) {
    return (await world.get(DruidIngestion, name))?.status ?? {};
  }

  /** The offset that the one task of a supervisor began at, and the one it has come to. */
  async function offsetsOf(id: string): Promise<{ readonly from: unknown; readonly to: unknown }> {
    const tasks = listOf(valueAt(await console.statusOf(id), 'activeTasks'));
    const [from, to] = ['startingOffsets', 'currentOffsets'].map((field) => valueAt(tasks.at(-1), field, '0'));
    return { from, to };
  }

  function untilReadFrom(from: number): Promise<void> {
    return world.eventually(async () => expect(await offsetsOf('clicks')).toEqual({ from, to: 20 }), patience);
  }

  /** Waits until the operation is recorded as done. */
  function untilDone(name: string, nonce: string): Promise<void> {
    return world.eventually(async () => {
      const { operations = [] } = await statusOf('clicks');
      expect(operations).toContainEqual(expect.objectContaining({ name, nonce, state: 'Done' }));
    }, patience);
  }

  it('becomes Ready, with a finalizer from the start, its spec kept, and its owner marked', async () => {
    await bringUp(world, ingestionOf('clicks', spec('clicks')));
    const found = await world.get(DruidIngestion, 'clicks');
    expect(found?.metadata.finalizers).toEqual(['druid.apache.org/ingestion']);
    expect(found?.status).toMatchObject({ id: 'clicks', taskId: 'clicks', state: 'RUNNING', dataSource: 'clicks' });
    const [first] = world.writes().filter(({ resource }) => resource === 'druidingestions');
    expect(first?.subresource).toBe('');
    const kept = await world.get(ConfigMap, 'clicks-last-good-spec');
    expect(kept?.metadata.annotations?.['druid.apache.org/object-hash']).toBe(found?.status?.lastGoodSpecHash);
    await untilTold(world, 'clicks', 'Submitted');
    expect(valueAt(await console.supervisor('clicks'), 'context', 'druidIngestionUid')).toBe(found?.metadata.uid);
    scenarios += 1;
  });

  it('reads the records, and says when it has read them all', async () => {
    await opened.druid.kafka?.produce('clicks', records);
    await untilReadFrom(0);
    opened.clock.skip(minutes(1));
    await world.eventually(async () => expect((await statusOf('clicks')).lag).toBe(0), patience);
    scenarios += 1;
  });

  it('costs one question per interval when it is settled, and no write at all', async () => {
    await world.settled();
    const { total, changes } = opened.tally;
    await world.expectWrites(0, () => untilPasses(world, 'clicks', 5));
    expect(opened.tally.changes).toBe(changes);
    expect(opened.tally.total - total).toBeLessThanOrEqual(8);
    scenarios += 1;
  });

  it('keeps its tasks when the operator is started anew', async () => {
    const [tasks, versions] = [await console.activeTasks('clicks'), await console.versionsOf('clicks')];
    expect(tasks).toHaveLength(1);
    // What moves by itself and may wait to be written is written now.
    opened.clock.skip(minutes(5));
    await untilPasses(world, 'clicks', 2);
    await world.expectWrites(0, async () => {
      await world.restartOperator();
      await untilPasses(world, 'clicks', 3);
    });
    expect([await console.activeTasks('clicks'), await console.versionsOf('clicks')]).toEqual([tasks, versions]);
    scenarios += 1;
  });

  it('is suspended, its tasks end, and it resumes at the offset it had come to', async () => {
    await edit({ suspend: true });
    await world.untilCondition(DruidIngestion, 'clicks', 'Suspended', 'True', patience);
    expect(valueAt(await console.statusOf('clicks'), 'suspended')).toBe(true);
    await world.eventually(async () => expect(await console.activeTasks('clicks')).toEqual([]), patience);
    await edit({ suspend: false });
    await world.untilCondition(DruidIngestion, 'clicks', 'Suspended', 'False', patience);
    await untilReadFrom(20);
    scenarios += 1;
  });

  it('is reset once for each nonce, whatever happens afterwards', async () => {
    await edit({ operations: { reset: { nonce: 'monday' } } });
    await untilDone('reset', 'monday');
    await untilReadFrom(0);
    await world.restartOperator();
    await world.edit(DruidIngestion, 'clicks', { metadata: { labels: { team: 'web' } } });
    await untilPasses(world, 'clicks', 3);
    expect(opened.tally.of('reset')).toBe(1);
    scenarios += 1;
  });

  it('has its offsets set where a person wants them', async () => {
    const partitions = { type: 'end', stream: 'clicks', partitionOffsetMap: { 0: 5 } };
    await edit({ operations: { resetOffsets: { nonce: 'tuesday', offsets: { type: 'kafka', partitions } } } });
    await untilDone('resetOffsets', 'tuesday');
    await untilReadFrom(5);
    expect(opened.tally.of('resetOffsets')).toBe(1);
    scenarios += 1;
  });

  it('publishes early when it is told to hand off', async () => {
    const [task] = await console.activeTasks('clicks');
    await edit({ operations: { handOff: { nonce: 'wednesday', taskGroupIds: [0] } } });
    await untilDone('handOff', 'wednesday');
    await untilReadFrom(20);
    expect(await console.activeTasks('clicks')).not.toContain(task);
    scenarios += 1;
  });

  it.each([
    ['ended', () => console.order('clicks', 'terminate')],
    ['suspended', () => console.order('clicks', 'suspend')],
    ['changed', () => console.submit(JSON.parse(spec('clicks', { ioConfig: { taskCount: 3 } })))],
  ])('that somebody %s in the console is put right, and a person is told', async (_what, change) => {
    const [before, { lastRepairTime }] = [await console.supervisor('clicks'), await statusOf('clicks')];
    expect((await change()).status).toBe(200);
    opened.clock.skip(minutes(1));
    await world.eventually(async () => expect(await console.supervisor('clicks')).toEqual(before), patience);
    await world.eventually(
      async () => expect((await statusOf('clicks')).lastRepairTime).not.toBe(lastRepairTime),
      patience,
    );
    await untilTold(world, 'clicks', 'Repaired');
    await untilReason(world, 'clicks', 'Running');
    scenarios += 1;
  });

  it('is updated in place: the same supervisor, one version more', async () => {
    const versions = await console.versionsOf('clicks');
    const updated = spec('clicks', { ioConfig: { taskDuration: 'PT30M' } });
    await edit({ ingestion: { type: 'kafka', spec: updated } });
    await untilTold(world, 'clicks', 'Updated');
    await untilReason(world, 'clicks', 'Running');
    expect(valueAt(await console.supervisor('clicks'), 'spec', 'ioConfig', 'taskDuration')).toBe('PT1800S');
    expect(await console.versionsOf('clicks')).toBe(versions + 1);
    scenarios += 1;
  });

  it('that gets another data source leaves nothing of the old one', async () => {
    await edit({ ingestion: { type: 'kafka', spec: spec('views') } });
    await world.eventually(async () => expect(await console.supervisorIds()).toEqual(['views']), patience);
    await world.eventually(async () => {
      const { id, formerIds } = await statusOf('clicks');
      expect([id, formerIds]).toEqual(['views', undefined]);
    }, patience);
    scenarios += 1;
  });

  it('refuses a second resource its supervisor, and that one takes nothing along when it goes', async () => {
    const before = await console.supervisor('views');
    await world.apply(DruidIngestion, ingestionOf('rival', spec('views')));
    await untilReason(world, 'rival', 'OwnedByAnother');
    await world.delete(DruidIngestion, 'rival');
    await untilGone(world, 'rival');
    expect(await console.supervisor('views')).toEqual(before);
    scenarios += 1;
  });

  it('ends with its resource, and its tasks with it', async () => {
    await world.delete(DruidIngestion, 'clicks');
    await untilGone(world, 'clicks');
    expect(await console.supervisorIds()).toEqual([]);
    await world.eventually(async () => expect(await console.activeTasks('views')).toEqual([]), patience);
    await untilTold(world, 'clicks', 'Terminated');
    scenarios += 1;
  });

  it('leaves a supervisor alone that somebody else made, and takes it over when it is told to', async () => {
    await console.submit(JSON.parse(spec('foreign', { top: { suspended: true } })));
    const before = await console.supervisor('foreign');
    await world.apply(DruidIngestion, ingestionOf('foreign', spec('foreign')));
    await untilReason(world, 'foreign', 'NotOurs');
    await untilPasses(world, 'foreign', 3);
    expect(await console.supervisor('foreign')).toEqual(before);
    await world.edit(DruidIngestion, 'foreign', { metadata: { annotations: { 'druid.apache.org/adopt': 'true' } } });
    await untilReason(world, 'foreign', 'Running');
    const uid = (await world.get(DruidIngestion, 'foreign'))?.metadata.uid;
    expect(valueAt(await console.supervisor('foreign'), 'context', 'druidIngestionUid')).toBe(uid);
    scenarios += 1;
  });

  it('that was never its own is left alone when the resource goes', async () => {
    await console.submit(JSON.parse(spec('theirs', { top: { suspended: true } })));
    await world.apply(DruidIngestion, ingestionOf('theirs', spec('theirs')));
    await untilReason(world, 'theirs', 'NotOurs');
    await world.delete(DruidIngestion, 'theirs');
    await untilGone(world, 'theirs');
    expect(await console.supervisorIds()).toContain('theirs');
    await console.order('theirs', 'terminate');
    scenarios += 1;
  });

  it.each([
    { deletionPolicy: 'Terminate', left: undefined },
    { deletionPolicy: 'Suspend', left: true },
    { deletionPolicy: 'Retain', left: false },
  ] as const)('deleted with the policy $deletionPolicy leaves it so', async ({ deletionPolicy, left }) => {
    const name = `policy-${deletionPolicy.toLowerCase()}`;
    await bringUp(world, ingestionOf(name, spec(name), { deletionPolicy }));
    await world.delete(DruidIngestion, name);
    await untilGone(world, name);
    expect(valueAt(await console.supervisor(name), 'suspended')).toBe(left);
    if (left !== undefined) await console.order(name, 'terminate');
    scenarios += 1;
  });

  it('was refused no request for want of a permission', async () => {
    expect((await world.permissions()).forbidden).toEqual([]);
  });
});
