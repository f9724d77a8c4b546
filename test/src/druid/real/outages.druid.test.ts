import { DruidIngestion } from '@capstan/druid-operator';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  untilSeen,
} from './open-real-druid-world.ts';
import { ingestionOf, realKafkaSpec, type SpecParts } from './real-kafka-spec.ts';

/** A supervisor that waits for its stream takes as long to halt. */
const longPatience = { timeout: 120_000, interval: 500 };

const batch = {
  type: 'index_parallel',
  spec: {
    dataSchema: { dataSource: 'batch', timestampSpec: { column: 'ts' }, dimensionsSpec: { dimensions: ['k'] } },
    ioConfig: {
      type: 'index_parallel',
      inputSource: { type: 'inline', data: '{"ts":"2026-01-01T00:00:00Z","k":"a"}' },
      inputFormat: { type: 'json' },
    },
  },
};

describeWithDruid('an ingestion into a real Druid of which a part is away', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-outage', druid: { kafka: true } });
    ({ world, console } = opened);
    await opened.druid.kafka?.createTopic('events');
  });

  afterAll(async () => {
    globalThis.console.log(`outages: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  function spec(dataSource: string, parts: SpecParts = {}): string {
    const servers = opened.druid.kafka?.bootstrapServers ?? '';
    return realKafkaSpec(servers, dataSource, { ...parts, ioConfig: { topic: 'events', ...parts.ioConfig } });
  }

  /** Has the clients of Kafka wait for it so long, in ms; a minute unless told. */
  function waiting(timeoutMs: number): SpecParts {
    const consumerProperties = {
      'bootstrap.servers': opened.druid.kafka?.bootstrapServers,
      'default.api.timeout.ms': String(timeoutMs),
    };
    return { ioConfig: { consumerProperties } };
  }

  function editDuration(name: string, taskDuration: string): Promise<unknown> {
    const patch = { spec: { ingestion: { spec: spec(name, { ioConfig: { taskDuration } }) } } };
    return world.edit(DruidIngestion, name, patch);
  }

  /** Waits until Druid has exactly these supervisors, each with this duration of tasks. */
  function untilDurations(durations: Readonly<Record<string, string>>): Promise<void> {
    return world.eventually(async () => {
      const ids = await console.supervisorIds();
      const pairs = await Promise.all(
        ids.map(async (id) => [id, valueAt(await console.supervisor(id), 'spec', 'ioConfig', 'taskDuration')]),
      );
      expect(Object.fromEntries(pairs)).toEqual(durations);
    }, patience);
  }

  it('carries out an edit that was made while the overlord was away, and tells of the outage', async () => {
    await bringUp(world, ingestionOf('first', spec('first')));
    await bringUp(world, ingestionOf('second', spec('second')));
    await opened.druid.stopOverlord('kill');
    await editDuration('first', 'PT2H');
    await untilReason(world, 'first', 'DruidUnreachable');
    await untilReason(world, 'second', 'DruidUnreachable');
    const reachable = await world.untilCondition(DruidIngestion, 'first', 'Reachable', 'False', patience);
    expect(reachable.reason).toBe('DruidUnreachable');
    await opened.druid.startOverlord();
    await untilReason(world, 'first', 'Running');
    await untilReason(world, 'second', 'Running');
    await untilDurations({ first: 'PT7200S', second: 'PT3600S' });
    scenarios += 1;
  });

  it('is neither lost nor made twice when the overlord dies right after an edit', async () => {
    const edits = [editDuration('first', 'PT3H'), editDuration('second', 'PT3H')];
    await Promise.all(edits);
    await opened.druid.stopOverlord('kill');
    await opened.druid.startOverlord();
    await Promise.all([untilSeen(world, 'first'), untilSeen(world, 'second')]);
    await untilReason(world, 'first', 'Running');
    await untilReason(world, 'second', 'Running');
    await untilDurations({ first: 'PT10800S', second: 'PT10800S' });
    scenarios += 1;
  });

  it('that is new while the overlord is away is made when that is back, and what was deleted ends then', async () => {
    await opened.druid.stopOverlord('kill');
    await world.apply(DruidIngestion, ingestionOf('third', spec('third')));
    await world.apply(DruidIngestion, {
      metadata: { name: 'batch' },
      spec: { druidCluster: 'tiny', ingestion: { type: 'native-batch', spec: JSON.stringify(batch) } },
    });
    await world.delete(DruidIngestion, 'second');
    await untilReason(world, 'third', 'DruidUnreachable');
    await untilReason(world, 'batch', 'DruidUnreachable');
    await untilPasses(world, 'second', 2);
    expect(await world.get(DruidIngestion, 'second')).toBeDefined();
    await opened.druid.startOverlord();
    await untilGone(world, 'second');
    await untilReason(world, 'third', 'Running');
    await untilReason(world, 'batch', 'Succeeded');
    expect(await console.supervisorIds()).toEqual(['first', 'third']);
    expect((await console.ask('GET', '/druid/indexer/v1/tasks?datasource=batch')).json).toHaveLength(1);
    scenarios += 1;
  });

  it('whose Kafka goes away is suspended and ended as ever', async () => {
    await opened.druid.kafka?.stop();
    await world.edit(DruidIngestion, 'first', { spec: { suspend: true } });
    await world.delete(DruidIngestion, 'third');
    await world.untilCondition(DruidIngestion, 'first', 'Suspended', 'True', longPatience);
    await untilGone(world, 'third');
    expect(await console.supervisorIds()).toEqual(['first']);
    scenarios += 1;
  });

  it('that is new while Kafka is away tells the error and that it is unhealthy', async () => {
    await world.apply(DruidIngestion, ingestionOf('slow', spec('slow', waiting(40_000))));
    await world.apply(DruidIngestion, ingestionOf('hasty', spec('hasty', waiting(5_000))));
    await untilReason(world, 'hasty', 'Unhealthy');
    const { status = {} } = (await world.get(DruidIngestion, 'hasty')) ?? {};
    const [error] = status.recentErrors ?? [];
    expect(status.state).toBe('UNHEALTHY_SUPERVISOR');
    expect(error?.message).toMatch(/timeout|timed out/i);
    await world.untilCondition(DruidIngestion, 'hasty', 'Healthy', 'False', patience);
    scenarios += 1;
  });

  it('whose supervisor waits long for Kafka is suspended although Druid takes that long for it', async () => {
    const before = opened.tally.unanswered.length;
    await world.edit(DruidIngestion, 'slow', { spec: { suspend: true } });
    await world.untilCondition(DruidIngestion, 'slow', 'Suspended', 'True', longPatience);
    expect(opened.tally.unanswered.slice(before)).toEqual([]);
    scenarios += 1;
  });

  it('whose Kafka comes back runs on', async () => {
    await opened.druid.kafka?.start();
    await world.edit(DruidIngestion, 'first', { spec: { suspend: false } });
    await untilReason(world, 'first', 'Running');
    await untilReason(world, 'hasty', 'Running');
    await world.untilCondition(DruidIngestion, 'hasty', 'Healthy', 'True', patience);
    scenarios += 1;
  });
});
