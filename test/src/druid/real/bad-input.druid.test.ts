import { DruidIngestion } from '@capstan/druid-operator';
import { minutes } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WantedIngestion } from '../open-druid-world.ts';
import { type BadSpec, badSpecs, oddSpecs } from './bad-specs.fixture.ts';
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

describeWithDruid('a spec that is wrong, given to a real Druid', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-bad', druid: { kafka: true } });
    ({ world, console } = opened);
    await opened.druid.kafka?.createTopic('events');
  });

  afterAll(async () => {
    globalThis.console.log(`bad input: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  function spec(dataSource: string, parts: SpecParts = {}): string {
    const servers = opened.druid.kafka?.bootstrapServers ?? '';
    return realKafkaSpec(servers, dataSource, { ...parts, ioConfig: { topic: 'events', ...parts.ioConfig } });
  }

  function wrong(name: string, { text, parts, type = 'kafka' }: BadSpec): WantedIngestion {
    const { metadata, spec: wanted } = ingestionOf(name, text ?? spec(name, parts));
    return { metadata, spec: { ...wanted, ingestion: { ...wanted.ingestion, type } } };
  }

  /** How often something was submitted for a resource, under whatever data source. */
  function sent(name: string, { parts, text }: BadSpec): number {
    const other =
      text === undefined ? valueAt(JSON.parse(spec(name, parts)), 'spec', 'dataSchema', 'dataSource') : name;
    const names = new Set([name, typeof other === 'string' ? other : name]);
    return [...names].reduce((total, each) => total + opened.tally.submissionsOf(each), 0);
  }

  /** Applies a good spec, and waits until that very spec runs. */
  async function correct(name: string, taskDuration: string): Promise<void> {
    await world.apply(DruidIngestion, ingestionOf(name, spec(name, { ioConfig: { taskDuration } })));
    await untilSeen(world, name);
    await untilReason(world, name, 'Running');
  }

  describe('is told by its reason, costs no supervisor, is not sent again, and can be corrected', () => {
    it.concurrent.each(badSpecs.map((bad, index) => ({ ...bad, name: `bad-${index}` })))('$title', async (bad) => {
      const { name, verdict } = bad;
      const isJudged = verdict.by === 'Judged';
      await world.apply(DruidIngestion, wrong(name, bad));
      await untilReason(world, name, isJudged ? verdict.reason : 'SpecRejected');
      if (!isJudged) await untilPasses(world, name, 3);
      expect(sent(name, bad)).toBe(isJudged ? 0 : 1);
      expect(await console.supervisor(name)).toBeUndefined();

      await correct(name, 'PT2H');
      const [before, versions, soFar] = [
        await console.supervisor(name),
        await console.versionsOf(name),
        sent(name, bad),
      ];
      await world.apply(DruidIngestion, wrong(name, bad));
      await untilReason(world, name, isJudged ? verdict.reason : 'RolledBack');
      if (!isJudged) await untilPasses(world, name, 3);
      expect(await console.supervisor(name)).toEqual(before);
      expect(sent(name, bad) - soFar).toBe(isJudged ? 0 : 2);
      if (verdict.by !== 'Fatal') expect(await console.versionsOf(name)).toBe(versions);
      await world.eventually(
        async () => expect(valueAt(await console.statusOf(name), 'state')).toBe('RUNNING'),
        patience,
      );

      await correct(name, 'PT3H');
      expect(valueAt(await console.supervisor(name), 'spec', 'ioConfig', 'taskDuration')).toBe('PT10800S');
      await world.delete(DruidIngestion, name);
      await untilGone(world, name);
      scenarios += 1;
    });
  });

  describe('is taken where Druid takes it, and sent once', () => {
    it.concurrent.each(oddSpecs.map((odd, index) => ({ ...odd, name: `odd-${index}` })))('$title', async (odd) => {
      const { name, parts } = odd;
      await bringUp(world, ingestionOf(name, spec(name, parts)));
      opened.clock.skip(minutes(1));
      await untilPasses(world, name, 4);
      expect(opened.tally.submissionsOf(name)).toBe(1);
      await world.delete(DruidIngestion, name);
      await untilGone(world, name);
      expect(await console.supervisor(name)).toBeUndefined();
      scenarios += 1;
    });
  });

  it('stays rolled back when the operator is started anew, and is suspended with its last good spec', async () => {
    await correct('kept', 'PT2H');
    const bad = spec('kept', { ioConfig: { taskCount: -1 } });
    await world.edit(DruidIngestion, 'kept', { spec: { ingestion: { spec: bad } } });
    await untilReason(world, 'kept', 'RolledBack');
    const [supervisor, versions] = [await console.supervisor('kept'), await console.versionsOf('kept')];
    await world.restartOperator();
    await untilPasses(world, 'kept', 3);
    expect([await console.supervisor('kept'), await console.versionsOf('kept')]).toEqual([supervisor, versions]);
    await world.edit(DruidIngestion, 'kept', { spec: { suspend: true } });
    await world.untilCondition(DruidIngestion, 'kept', 'Suspended', 'True', patience);
    await untilReason(world, 'kept', 'RolledBack');
    expect(valueAt(await console.supervisor('kept'), 'spec', 'ioConfig', 'taskDuration')).toBe('PT7200S');
    await world.delete(DruidIngestion, 'kept');
    await untilGone(world, 'kept');
    scenarios += 1;
  });

  it('servers that are none are told by the errors of the supervisor', async () => {
    const consumerProperties = { 'bootstrap.servers': 'this is no address' };
    await world.apply(DruidIngestion, ingestionOf('astray', spec('astray', { ioConfig: { consumerProperties } })));
    await world.eventually(async () => {
      opened.clock.skip(minutes(1));
      const [error] = (await world.get(DruidIngestion, 'astray'))?.status?.recentErrors ?? [];
      expect(error?.message).toMatch(/kafka consumer|bootstrap|url/i);
    }, patience);
    expect(opened.tally.submissionsOf('astray')).toBe(1);
    await world.delete(DruidIngestion, 'astray');
    await untilGone(world, 'astray');
    scenarios += 1;
  });

  it('another topic is taken by a supervisor that runs', async () => {
    await opened.druid.kafka?.createTopic('others');
    await bringUp(world, ingestionOf('moved', spec('moved')));
    const patch = { spec: { ingestion: { spec: spec('moved', { ioConfig: { topic: 'others' } }) } } };
    await world.edit(DruidIngestion, 'moved', patch);
    await untilSeen(world, 'moved');
    await untilReason(world, 'moved', 'Running');
    expect(valueAt(await console.statusOf('moved'), 'stream')).toBe('others');
    // Its tasks would keep others waiting.
    await world.delete(DruidIngestion, 'moved');
    await untilGone(world, 'moved');
    scenarios += 1;
  });
});
