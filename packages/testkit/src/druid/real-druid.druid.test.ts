import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { at } from './conformance/scenario.ts';
import { callDruid, jsonOf } from './druid-call.ts';
import { druidAvailability } from './real/druid-availability.ts';
import { type RealDruid, startDruid } from './real-druid.ts';

const availability = await druidAvailability();
if (availability.kind === 'Missing') console.warn(`skipped: ${availability.why}`);

const SUPERVISORS = '/druid/indexer/v1/supervisor';

describe.skipIf(availability.kind === 'Missing')('a real Druid with Kafka', () => {
  let druid: RealDruid;
  beforeAll(async () => {
    druid = await startDruid({ kafka: true });
  }, 300_000);
  afterAll(() => druid?.stop(), 60_000);

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown; text: string }> {
    const answer = await callDruid({ url: druid.router }, { method, path, body });
    return { status: answer.status, json: jsonOf(answer), text: answer.text };
  }

  test('records of a topic are read until no lag is left', { timeout: 120_000 }, async () => {
    const { kafka } = druid;
    if (kafka === undefined) throw new Error('started without Kafka');
    await kafka.createTopic('clicks', 2);
    await kafka.produce(
      'clicks',
      Array.from({ length: 20 }, (_, i) => JSON.stringify({ ts: '2026-01-01T00:00:00Z', k: `v${i}` })),
    );
    const spec = {
      dataSchema: { dataSource: 'clicks', timestampSpec: { column: 'ts' }, dimensionsSpec: { dimensions: ['k'] } },
      ioConfig: {
        topic: 'clicks',
        inputFormat: { type: 'json' },
        consumerProperties: { 'bootstrap.servers': kafka.bootstrapServers },
        useEarliestOffset: true,
        startDelay: 'PT1S',
        period: 'PT2S',
      },
      tuningConfig: { type: 'kafka', offsetFetchPeriod: 'PT5S' },
    };
    expect((await ask('POST', SUPERVISORS, { type: 'kafka', spec })).status).toBe(200);
    await eventually(
      async () => {
        const { json } = await ask('GET', `${SUPERVISORS}/clicks/status`);
        const read = at(json, 'payload', 'activeTasks', '0', 'currentOffsets');
        expect(
          Object.values(typeof read === 'object' && read !== null ? read : {}).reduce((sum, n) => sum + n, 0),
        ).toBe(20);
        expect(at(json, 'payload', 'aggregateLag')).toBe(0);
      },
      { timeout: 90_000, interval: 500 },
    );
  });

  test('while the overlord is away the router says 503, and afterwards its supervisors are there again', {
    timeout: 120_000,
  }, async () => {
    const dataSchema = { dataSource: 'kept', timestampSpec: {} };
    const ioConfig = { topic: 'kept', consumerProperties: { 'bootstrap.servers': druid.kafka?.bootstrapServers } };
    await ask('POST', SUPERVISORS, { type: 'kafka', suspended: true, spec: { dataSchema, ioConfig } });
    await druid.stopOverlord('kill');
    await eventually(async () => expect((await ask('GET', SUPERVISORS)).status).toBe(503), {
      timeout: 60_000,
      interval: 200,
    });
    await druid.startOverlord();
    expect((await ask('GET', SUPERVISORS)).json).toContain('kept');
  });

  test('two of them share no port', { timeout: 120_000 }, async () => {
    await using second = await startDruid();
    expect(new URL(second.router).port).not.toBe(new URL(druid.router).port);
    expect((await callDruid({ url: second.router }, { method: 'GET', path: SUPERVISORS })).text).toBe('[]');
  });
});
