import { DruidIngestion } from '@capstan/druid-operator';
import { ConfigMap } from '@capstan/kube';
import type { FakeDruid, World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bringUp,
  type DruidWorld,
  kafkaIngestion,
  kafkaSpec,
  openDruidWorld,
  submissions,
} from './open-druid-world.ts';

let opened: DruidWorld;
let world: World;
let druid: FakeDruid;

beforeAll(async () => {
  opened = await openDruidWorld({ name: 'druid-life' });
  ({ world, druid } = opened);
});

afterAll(() => opened?.[Symbol.asyncDispose]());

function untilReady(name: string, reason: string) {
  return world.eventually(async () => {
    const conditions = await world.conditions(DruidIngestion, name);
    expect(conditions.find(({ type }) => type === 'Ready')?.reason).toBe(reason);
  });
}

describe('an ingestion from Kafka', () => {
  it('becomes Ready, with a finalizer, its spec kept, and one event for what was done', async () => {
    await bringUp(world, kafkaIngestion('clicks'));
    const found = await world.get(DruidIngestion, 'clicks');
    expect(found?.metadata.finalizers).toEqual(['druid.apache.org/ingestion']);
    expect(found?.status).toMatchObject({ id: 'clicks', taskId: 'clicks', state: 'RUNNING', dataSource: 'clicks' });
    const kept = await world.get(ConfigMap, 'clicks-last-good-spec');
    expect(kept?.metadata.annotations?.['druid.apache.org/object-hash']).toBe(found?.status?.lastGoodSpecHash);
    await world.eventually(async () => {
      const reasons = (await world.events(DruidIngestion, 'clicks')).map(({ reason }) => reason);
      expect(reasons).toEqual(expect.arrayContaining(['Submitted']));
    });
    expect(druid.supervisor('clicks')?.spec).toMatchObject({ context: { druidIngestionUid: found?.metadata.uid } });
  });

  it('costs one question per interval when it is settled, and no write at all', async () => {
    await world.settled();
    const [posts, asked] = [submissions(druid), druid.requests.length];
    await world.expectWrites(0, async () => {
      await world.eventually(() => expect(druid.requests.length).toBeGreaterThanOrEqual(asked + 5));
    });
    expect(submissions(druid)).toBe(posts);
    expect(druid.requests.slice(asked).every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is not started anew by a new operator, and no write is made for it', async () => {
    const [starts, asked] = [druid.supervisor('clicks')?.starts, druid.requests.length];
    await world.expectWrites(0, async () => {
      await world.restartOperator();
      await world.eventually(() => expect(druid.requests.length).toBeGreaterThan(asked + 2));
    });
    expect(druid.supervisor('clicks')?.starts).toBe(starts);
  });

  it('is suspended and resumed through its spec', async () => {
    await world.edit(DruidIngestion, 'clicks', { spec: { suspend: true } });
    await world.untilCondition(DruidIngestion, 'clicks', 'Suspended');
    expect(druid.supervisor('clicks')?.spec['suspended']).toBe(true);
    await world.edit(DruidIngestion, 'clicks', { spec: { suspend: false } });
    await world.untilCondition(DruidIngestion, 'clicks', 'Suspended', 'False');
    expect(druid.supervisor('clicks')?.spec['suspended']).toBe(false);
  });

  it('is reset once for each nonce, whatever happens afterwards', async () => {
    const reset = 'POST /druid/indexer/v1/supervisor/clicks/reset';
    await world.edit(DruidIngestion, 'clicks', { spec: { operations: { reset: { nonce: 'monday' } } } });
    await world.eventually(async () => {
      const { status } = (await world.get(DruidIngestion, 'clicks')) ?? {};
      expect(status?.operations).toMatchObject([{ name: 'reset', nonce: 'monday', state: 'Done' }]);
    });
    await world.restartOperator();
    await world.edit(DruidIngestion, 'clicks', { metadata: { labels: { team: 'web' } } });
    await world.settled();
    expect(druid.asked[reset]).toBe(1);
  });

  it('that somebody ended in Druid is made again', async () => {
    druid.removeSupervisor('clicks');
    await world.eventually(() => expect(druid.supervisor('clicks')).toBeDefined());
    await world.eventually(async () => {
      const reasons = (await world.events(DruidIngestion, 'clicks')).map(({ reason }) => reason);
      expect(reasons).toContain('Repaired');
    });
  });

  it('survives an update over which Druid ends the supervisor', async () => {
    druid.inject({ on: { method: 'POST', path: '/druid/indexer/v1/supervisor' }, fault: { do: 'killSupervisor' } });
    const ingestion = { type: 'kafka', spec: kafkaSpec('clicks', { taskCount: 7 }) };
    await world.edit(DruidIngestion, 'clicks', { spec: { ingestion } });
    await untilReady('clicks', 'RolledBack');
    expect(JSON.stringify(druid.supervisor('clicks')?.spec)).not.toContain('"taskCount":7');
    await world.edit(DruidIngestion, 'clicks', { spec: { ingestion: { type: 'kafka', spec: kafkaSpec('clicks') } } });
    await untilReady('clicks', 'Running');
  });

  it('that gets another data source leaves nothing of the old one', async () => {
    await world.edit(DruidIngestion, 'clicks', { spec: { ingestion: { type: 'kafka', spec: kafkaSpec('views') } } });
    await world.eventually(() => expect(druid.supervisors.map(({ id }) => id)).toEqual(['views']));
    await world.eventually(async () => {
      const { status } = (await world.get(DruidIngestion, 'clicks')) ?? {};
      expect([status?.id, status?.formerIds]).toEqual(['views', undefined]);
    });
  });

  it('refuses a second resource its supervisor, and that one takes nothing along when it goes', async () => {
    await world.apply(DruidIngestion, {
      metadata: { name: 'rival' },
      spec: { druidCluster: 'tiny', ingestion: { type: 'kafka', spec: kafkaSpec('views') }, deletionPolicy: 'Retain' },
    });
    await untilReady('rival', 'OwnedByAnother');
    await world.delete(DruidIngestion, 'rival');
    await world.eventually(async () => expect(await world.get(DruidIngestion, 'rival')).toBeUndefined());
    expect(druid.supervisor('views')).toBeDefined();
  });

  it('ends with its resource', async () => {
    await world.delete(DruidIngestion, 'clicks');
    await world.eventually(async () => expect(await world.get(DruidIngestion, 'clicks')).toBeUndefined());
    expect(druid.supervisors).toEqual([]);
    await world.eventually(async () => {
      const reasons = (await world.events(DruidIngestion, 'clicks')).map(({ reason }) => reason);
      expect(reasons).toContain('Terminated');
    });
  });

  it('was refused no request for want of a permission', async () => {
    await world.stopOperator();
    expect((await world.permissions()).forbidden).toEqual([]);
  });
});
