import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DruidIngestion } from '@capstan/druid-operator';
import { Service } from '@capstan/kube';
import { minutes } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WantedIngestion } from '../open-druid-world.ts';
import { describeWithDruid } from './describe-with-druid.ts';
import { type DruidConsole, valueAt } from './druid-console.ts';
import { formerSamples, tutorialFile, tutorialRows } from './former-samples.fixture.ts';
import {
  bringUp,
  openRealDruidWorld,
  patience,
  type RealDruidWorld,
  untilGone,
  untilPasses,
  untilReason,
} from './open-real-druid-world.ts';

describeWithDruid('the samples of the first Druid operator, in a real Druid', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let samples: readonly WantedIngestion[] = [];
  let tutorial: string;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-former', druid: { kafka: true } });
    ({ world, console } = opened);
    await world.apply(Service, {
      metadata: { name: 'druid-tiny-cluster-routers', labels: { druid_cr: 'tiny-cluster', component: 'router' } },
      spec: { ports: [{ name: 'service-port', port: 8088 }], selector: { app: 'druid' } },
    });
    await opened.druid.kafka?.createTopic('metrics');
    tutorial = await mkdtemp(join(tmpdir(), 'capstan-tutorial-'));
    await writeFile(join(tutorial, tutorialFile), gzipSync(tutorialRows(['Druid', 'Kafka', 'ZooKeeper'])));
    samples = formerSamples({ tutorial, bootstrapServers: opened.druid.kafka?.bootstrapServers ?? '' });
  });

  afterAll(async () => {
    globalThis.console.log(`former samples: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
    if (tutorial !== undefined) await rm(tutorial, { recursive: true });
  });

  function sampleOf(name: string): WantedIngestion {
    const sample = samples.find(({ metadata }) => metadata.name === name);
    if (sample === undefined) throw new Error(`there is no sample ${name}`);
    return sample;
  }

  async function statusOf(name: string) {
    return (await world.get(DruidIngestion, name))?.status ?? {};
  }

  it.each(['wikipedia-ingestion', 'wikipedia-1'])('%s, a batch, succeeds, and has read every row', async (name) => {
    await bringUp(world, sampleOf(name));
    const { state, id } = await statusOf(name);
    expect(state).toBe('SUCCESS');
    const { json } = await console.ask('GET', `/druid/indexer/v1/task/${id}/reports`);
    const rows = valueAt(json, 'ingestionStatsAndErrors', 'payload', 'rowStats');
    expect(JSON.stringify(rows)).toContain('"processed":3');
    scenarios += 1;
  });

  it.each([
    ['kafka-1', 'metrics-kafka'],
    ['kafka-2', 'metrics-kafka-2'],
  ])('%s, a stream, runs with its rules and its compaction, and nothing is sent twice', async (name, supervisor) => {
    await bringUp(world, sampleOf(name));
    const { id = '', state } = await statusOf(name);
    expect([state, id]).toEqual(['RUNNING', supervisor]);
    await world.eventually(async () => {
      const rules = await console.ask('GET', `/druid/coordinator/v1/rules/${id}`);
      const compaction = await console.ask('GET', `/druid/indexer/v1/compaction/config/datasources/${id}`);
      expect(rules.json).toMatchObject([{ type: 'dropByPeriod' }, { type: 'broadcastByPeriod' }]);
      expect(compaction.json).toMatchObject({
        skipOffsetFromLatest: 'PT0S',
        granularitySpec: { segmentGranularity: 'DAY' },
      });
    }, patience);
    await world.settled();
    const { changes } = opened.tally;
    opened.clock.skip(minutes(5));
    await untilPasses(world, name, 5);
    expect(opened.tally.changes).toBe(changes);
    scenarios += 1;
  });

  it('that the first operator has carried out already are taken over with what runs, and end as its own', async () => {
    const [sample, id] = [sampleOf('kafka-2'), 'metrics-kafka-2'];
    await world.delete(DruidIngestion, 'kafka-2');
    await untilGone(world, 'kafka-2');
    await world.stopOperator();
    expect((await console.submit(sample.spec.ingestion.nativeSpec)).status).toBe(200);
    const finalizers = ['druidingestion.datainfra.io/finalizer'];
    await world.apply(DruidIngestion, { ...sample, metadata: { ...sample.metadata, finalizers } });
    const status = {
      ...{ taskId: id, type: 'DruidIngestionControllerCreateSuccess', status: 'True', reason: `{"id":"${id}"}` },
      'currentIngestionSpec.json': JSON.stringify(sample.spec.ingestion.nativeSpec),
    };
    await world.admin.patch(
      DruidIngestion,
      { name: 'kafka-2', namespace: world.namespace },
      { kind: 'merge', body: { status } },
      { subresource: 'status' },
    );

    const versions = await console.versionsOf(id);

    await world.startOperator();
    await untilReason(world, 'kafka-2', 'Running');
    const { metadata } = (await world.get(DruidIngestion, 'kafka-2')) ?? {};
    expect(metadata?.finalizers).toEqual(['druid.apache.org/ingestion']);
    // The mark of its owner would be another spec, and restart its tasks.
    expect(valueAt(await console.supervisor(id), 'context', 'druidIngestionUid')).toBeUndefined();
    expect(await console.versionsOf(id)).toBe(versions);
    await world.delete(DruidIngestion, 'kafka-2');
    await untilGone(world, 'kafka-2');
    expect(await console.supervisorIds()).toEqual(['metrics-kafka']);
    scenarios += 1;
  });
});
