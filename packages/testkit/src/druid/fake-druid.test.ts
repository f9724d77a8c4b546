import { describe, expect, test } from 'vitest';
import { FakeClock } from '../fake-clock.ts';
import { callDruid, type DruidCall, jsonOf } from './druid-call.ts';
import type { DruidFault } from './fake/druid-fault.ts';
import { FakeDruid } from './fake-druid.ts';

const SUPERVISORS = '/druid/indexer/v1/supervisor';
const health: DruidCall = { method: 'GET', path: '/status/health' };

function clicks(ioConfig: object = {}, top: object = {}): object {
  const consumerProperties = { 'bootstrap.servers': '127.0.0.1:9092' };
  return {
    type: 'kafka',
    spec: {
      dataSchema: { dataSource: 'clicks', timestampSpec: { column: 'ts' } },
      ioConfig: { topic: 'clicks', consumerProperties, ...ioConfig },
    },
    ...top,
  };
}

async function post(druid: FakeDruid, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const answer = await callDruid(druid.target, { method: 'POST', path, body });
  return { status: answer.status, json: jsonOf(answer) };
}

async function get(druid: FakeDruid, path: string): Promise<unknown> {
  return jsonOf(await callDruid(druid.target, { method: 'GET', path }));
}

describe('what a test sees of it', () => {
  test('requests are counted by method and path, and what was posted can be read back', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, `${SUPERVISORS}?skipRestartIfUnmodified=true`, clicks());
    await get(druid, `${SUPERVISORS}/clicks/status`);
    await get(druid, `${SUPERVISORS}/clicks/status`);
    expect(druid.asked).toEqual({ [`POST ${SUPERVISORS}`]: 1, [`GET ${SUPERVISORS}/clicks/status`]: 2 });
    expect(druid.requests[0]?.url).toBe(`${SUPERVISORS}?skipRestartIfUnmodified=true`);
    expect(druid.supervisor('clicks')?.posted).toEqual(clicks());
  });

  test('a start is counted for each POST but one that skips what is unmodified', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, SUPERVISORS, clicks());
    await post(druid, `${SUPERVISORS}?skipRestartIfUnmodified=true`, clicks({ taskDuration: 'PT60M' }));
    expect(druid.supervisor('clicks')?.starts).toBe(1);
    await post(druid, SUPERVISORS, clicks());
    expect(druid.supervisor('clicks')?.starts).toBe(2);
  });

  test('a supervisor reports what it is told, until it starts again', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, SUPERVISORS, clicks());
    const report = { state: 'UNHEALTHY_SUPERVISOR', healthy: false, minimumLag: { 0: 5, 1: 7 } };
    druid.supervisor('clicks')?.reports(report);
    expect(await get(druid, `${SUPERVISORS}/clicks/status`)).toMatchObject({
      payload: {
        state: 'UNHEALTHY_SUPERVISOR',
        detailedState: 'UNHEALTHY_SUPERVISOR',
        healthy: false,
        aggregateLag: 12,
      },
    });
    await post(druid, SUPERVISORS, clicks());
    expect(await get(druid, `${SUPERVISORS}/clicks/status`)).toMatchObject({
      payload: { state: 'RUNNING', healthy: true },
    });
  });

  test('a supervisor is pending for its delay, by the clock it was given', async () => {
    const clock = new FakeClock();
    await using druid = await FakeDruid.start({ clock, startDelayMs: 5_000 });
    await post(druid, SUPERVISORS, clicks({}, { suspended: true }));
    expect(druid.supervisor('clicks')?.state).toBe('PENDING');
    await clock.advance(5_000);
    expect(druid.supervisor('clicks')?.state).toBe('SUSPENDED');
  });

  test('a supervisor that somebody removes is 404 to everybody', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, SUPERVISORS, clicks());
    druid.removeSupervisor('clicks');
    expect((await callDruid(druid.target, { method: 'GET', path: `${SUPERVISORS}/clicks` })).status).toBe(404);
  });

  test('over TLS it is trusted by its own certificate only', async () => {
    await using druid = await FakeDruid.start({ tls: true });
    expect((await callDruid(druid.target, health)).text).toBe('true');
    await expect(callDruid({ url: druid.url }, health)).rejects.toThrow(/self-signed/);
  });
});

describe('what no real Druid here can run', () => {
  test.each([
    ['kinesis', { stream: 's' }],
    ['rabbit', { stream: 's', uri: 'rabbitmq-stream://localhost:5552' }],
  ])('a supervisor of %s is created under the name of its data source', async (type, ioConfig) => {
    await using druid = await FakeDruid.start();
    const dataSchema = { dataSource: 'events', timestampSpec: {} };
    expect(await post(druid, SUPERVISORS, { type, spec: { dataSchema, ioConfig } })).toEqual({
      status: 200,
      json: { id: 'events' },
    });
    expect(await get(druid, `${SUPERVISORS}/events/status`)).toMatchObject({
      payload: { stream: 's', state: 'RUNNING' },
    });
  });

  test('a schedule is created under its own id, or one of its query', async () => {
    await using druid = await FakeDruid.start();
    const schedule = {
      type: 'scheduled_batch',
      schedulerConfig: { type: 'unix', schedule: '*/5 * * * *' },
      spec: { query: 'REPLACE INTO "daily" OVERWRITE ALL SELECT * FROM x PARTITIONED BY DAY' },
    };
    expect((await post(druid, SUPERVISORS, { ...schedule, id: 'mine' })).json).toEqual({ id: 'mine' });
    expect((await post(druid, SUPERVISORS, schedule)).json).toMatchObject({
      id: expect.stringMatching(/^scheduled_batch__daily__/),
    });
  });

  test('SQL that writes is accepted as a task of its query id, once', async () => {
    await using druid = await FakeDruid.start();
    const sql = { query: 'INSERT INTO x SELECT 1 PARTITIONED BY ALL', context: { sqlQueryId: 'q1' } };
    expect(await post(druid, '/druid/v2/sql/task', sql)).toEqual({
      status: 202,
      json: { taskId: 'query-q1', state: 'RUNNING' },
    });
    expect((await post(druid, '/druid/v2/sql/task', sql)).json).toMatchObject({ errorCode: 'entryAlreadyExists' });
    druid.tasks.succeed('query-q1', { rows: 3 });
    expect(await get(druid, '/druid/indexer/v1/task/query-q1/status')).toMatchObject({
      status: { statusCode: 'SUCCESS' },
    });
  });
});

describe('faults', () => {
  test.each<[DruidFault, number, string]>([
    [{ do: 'noLeader' }, 503, 'Unable to determine destination[/status/health]'],
    [{ do: 'badGateway' }, 502, 'HTTP ERROR 502 Bad Gateway'],
    [{ do: 'answer', status: 401, body: 'who?', contentType: 'text/plain' }, 401, 'who?'],
    [{ do: 'slowBody', msPerByte: 1 }, 200, 'true'],
    [{ do: 'delay', ms: 1 }, 200, 'true'],
  ])('%o is answered once', async (fault, status, text) => {
    await using druid = await FakeDruid.start();
    const armed = druid.inject({ fault });
    const answer = await callDruid(druid.target, health);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(armed.hits).toBe(1);
    expect((await callDruid(druid.target, health)).text).toBe('true');
  });

  test('a redirect names the same path and query on another host', async () => {
    await using druid = await FakeDruid.start();
    druid.inject({ fault: { do: 'redirect', to: 'http://127.0.0.1:1' } });
    const { status, headers } = await callDruid(druid.target, { method: 'POST', path: `${SUPERVISORS}/x/suspend?a=b` });
    expect({ status, location: headers.location }).toEqual({
      status: 307,
      location: `http://127.0.0.1:1${SUPERVISORS}/x/suspend?a=b`,
    });
  });

  test.each<[DruidFault, boolean]>([
    [{ do: 'drop' }, false],
    [{ do: 'loseResponse' }, true],
    [{ do: 'cutBody' }, true],
  ])('after %o the caller has no answer, and the supervisor exists: %s', async (fault, exists) => {
    await using druid = await FakeDruid.start();
    druid.inject({ on: { method: 'POST' }, fault });
    await expect(post(druid, SUPERVISORS, clicks())).rejects.toThrow();
    expect(druid.supervisor('clicks') !== undefined).toBe(exists);
  });

  test('a stalled request is carried out when the fault is lifted', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, SUPERVISORS, clicks());
    const fault = druid.inject({ on: { path: /\/suspend$/ }, fault: { do: 'stall' } });
    const suspended = post(druid, `${SUPERVISORS}/clicks/suspend`);
    await get(druid, '/status/health');
    expect(druid.supervisor('clicks')?.suspended).toBe(false);
    fault.lift();
    expect((await suspended).status).toBe(200);
    expect(druid.supervisor('clicks')?.suspended).toBe(true);
  });

  test('a caller that gives up leaves a stalled request behind, and the fake ends all the same', async () => {
    const druid = await FakeDruid.start();
    druid.inject({ fault: { do: 'stall' } });
    await expect(callDruid(druid.target, { ...health, timeoutMs: 50 })).rejects.toThrow(/aborted|timeout/i);
    await druid[Symbol.asyncDispose]();
  });

  test('a POST that kills leaves 500 and no supervisor', async () => {
    await using druid = await FakeDruid.start();
    await post(druid, SUPERVISORS, clicks());
    druid.inject({ on: { method: 'POST', path: SUPERVISORS }, fault: { do: 'killSupervisor' } });
    expect((await post(druid, SUPERVISORS, clicks())).status).toBe(500);
    expect(druid.supervisor('clicks')).toBeUndefined();
  });

  test('a rule strikes the third request and two more, and only what it is for', async () => {
    await using druid = await FakeDruid.start();
    const fault = { do: 'noLeader' } as const;
    const armed = druid.inject({ on: { method: 'GET', path: health.path }, nth: 3, times: 2, fault });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await callDruid(druid.target, health)).status);
    expect(statuses).toEqual([200, 200, 503, 503, 200, 200]);
    expect(armed.hits).toBe(2);
  });
});
