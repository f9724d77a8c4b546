import type { KubeObject } from '@capstan/kube';
import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaSpec, Stage } from './a-stage.fixture.ts';

const unreachable = { kind: 'Unreachable', message: 'nobody listens at tiny', reason: 'NoConnection' } as const;

function batch(baseDir = '/data', more: object = {}) {
  const spec = {
    type: 'index_parallel',
    spec: {
      dataSchema: { dataSource: 'wiki', timestampSpec: { column: 't' } },
      ioConfig: { type: 'index_parallel', inputSource: { type: 'local', baseDir, filter: '*.json' } },
    },
  };
  return { druidCluster: 'tiny', ingestion: { type: 'native-batch', nativeSpec: spec, ...more } };
}

const sql = (query: string) => ({ druidCluster: 'tiny', ingestion: { type: 'sql', spec: query } });

function ready({ status }: Stage): string | undefined {
  const found = status.conditions?.find(({ type }) => type === 'Ready');
  return found && `${found.status} ${found.reason}`;
}

function finish(stage: Stage, status: 'SUCCESS' | 'FAILED'): void {
  const id = stage.status.id ?? '';
  const error = status === 'FAILED' ? { error: 'no rows' } : {};
  stage.druid.tasks.set(id, { status, runnerStatus: 'NONE', durationMs: 10, ...error });
}

describe('a native batch', () => {
  it('runs under an id of its UID, generation and spec, which the status holds before Druid is asked', async () => {
    const stage = new Stage(batch());
    const { calls } = await stage.pass();
    const id = stage.status.id ?? '';
    expect(id).toMatch(/^index_parallel_clicks-uid-of-c-g1-[0-9a-f]{8}-1$/);
    expect(calls).toEqual([`submitTask ${id}`, `taskStatus ${id}`]);
    expect(stage.statuses[0]).toMatchObject({ id, submittingHash: expect.any(String) });
    expect(ready(stage)).toBe('False TaskRunning');
  });

  it('is Ready when it has succeeded, and costs nothing from then on', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    finish(stage, 'SUCCESS');
    const { events } = await stage.pass();
    expect(events.map(({ reason }) => reason)).toEqual(['Succeeded']);
    expect(ready(stage)).toBe('True Succeeded');
    await stage.wait(minutes(60));
    const { calls, recheckAfterMs } = await stage.pass();
    expect([calls, recheckAfterMs]).toEqual([[], undefined]);
  });

  it('that has failed needs a person, and is not run again by a restart', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    finish(stage, 'FAILED');
    await stage.pass();
    expect(ready(stage)).toBe('False TaskFailed');
    expect(stage.status.recentErrors).toMatchObject([{ message: 'no rows' }]);
    stage.restart();
    await stage.settle();
    expect(stage.druid.submitted).toHaveLength(1);
  });

  it('is stopped and replaced when its spec changes, and not for a change of anything else', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    const former = stage.status.id ?? '';
    stage.edit({ deletionPolicy: 'Retain' });
    await stage.pass();
    expect(stage.status.id).toBe(former);
    stage.edit(batch('/other'));
    const { calls } = await stage.pass();
    const { id = '' } = stage.status;
    expect(calls.slice(0, 2)).toEqual([`shutDownTask ${former}`, `submitTask ${id}`]);
    expect(id).toMatch(/-g3-/);
  });

  it('that is over is not stopped when its spec changes', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    finish(stage, 'SUCCESS');
    await stage.pass();
    stage.edit(batch('/other'));
    const { calls } = await stage.pass();
    expect(calls.filter((call) => call.startsWith('shutDown'))).toEqual([]);
    expect(stage.druid.submitted).toHaveLength(2);
  });

  it('is not made twice when the operator ends after Druid took it', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    const [announced] = stage.statuses;
    stage.restart();
    stage.resource = { ...stage.resource, ...(announced !== undefined && { status: announced }) };
    await stage.pass();
    expect(stage.druid.submitted).toHaveLength(1);
    expect(stage.status.lastGoodSpecHash).toBeDefined();
  });

  it('that Druid refuses waits for another spec', async () => {
    const stage = new Stage(batch());
    stage.druid.refuse = () => 'no dataSchema';
    await stage.settle();
    expect(stage.druid.submitted).toHaveLength(1);
    expect(ready(stage)).toBe('False SpecRejected');
    stage.druid.refuse = () => undefined;
    stage.edit(batch('/other'));
    await stage.pass();
    expect(ready(stage)).toBe('False TaskRunning');
  });

  it('is stopped when it is suspended, and another one starts when it resumes', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    const former = stage.status.id ?? '';
    stage.edit({ suspend: true });
    await stage.settle();
    expect(ready(stage)).toBe('True SuspendedAsAsked');
    expect(stage.druid.tasks.get(former)?.status).toBe('FAILED');
    stage.edit({ suspend: false });
    await stage.settle();
    expect(stage.druid.submitted).toHaveLength(2);
    expect(stage.status.id).not.toBe(former);
    expect(ready(stage)).toBe('False TaskRunning');
  });

  it('that has succeeded does not run again for having been suspended', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    finish(stage, 'SUCCESS');
    await stage.pass();
    stage.edit({ suspend: true });
    await stage.settle();
    stage.edit({ suspend: false });
    await stage.settle();
    expect(stage.druid.submitted).toHaveLength(1);
  });

  it('that Druid has lost counts as failed', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    stage.druid.tasks.clear();
    await stage.pass();
    expect(ready(stage)).toBe('False TaskFailed');
  });

  it('may come with rules, which are looked at when it is over too', async () => {
    const stage = new Stage(batch('/data', { rules: [{ type: 'loadForever' }] }));
    await stage.pass();
    finish(stage, 'SUCCESS');
    const { recheckAfterMs } = await stage.pass();
    expect([stage.druid.rules.has('wiki'), recheckAfterMs]).toEqual([true, minutes(5)]);
  });
});

describe('a task that Druid refuses to stop', () => {
  const refused = { kind: 'Refused', message: 'no', status: 500 } as const;

  it('is not told to be stopped, and is told to be stopped by hand', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    const { id } = stage.status;
    stage.druid.api.shutDownTask = () => Promise.resolve(refused);
    stage.edit({ suspend: true });
    const { events } = await stage.pass();
    expect(events.map(({ reason }) => reason)).not.toContain('Suspended');
    expect(stage.status).toMatchObject({ id, state: 'RUNNING' });
    expect(ready(stage)).toBe('False EndRefused');
  });

  it('gets none beside it that does the same', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    stage.druid.api.shutDownTask = () => Promise.resolve(refused);
    stage.edit(batch('/other'));
    await stage.settle();
    expect(stage.druid.submitted).toHaveLength(1);
    expect(ready(stage)).toBe('False EndRefused');
  });
});

describe('a spec from a ConfigMap', () => {
  const put = (stage: Stage, version: string, baseDir: string, more: object = {}) =>
    stage.put({
      ...{
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'specs', namespace: 'shop', resourceVersion: version },
      },
      data: { spec: JSON.stringify({ ...batch(baseDir).ingestion.nativeSpec, ...more }) },
    } as KubeObject); // `data` is that of a ConfigMap
  const specFrom = { configMapKeyRef: { name: 'specs', key: 'spec' } };
  const fromConfigMap = () => new Stage({ druidCluster: 'tiny', ingestion: { type: 'native-batch', specFrom } });

  it('is run again when it comes back after another one', async () => {
    const stage = fromConfigMap();
    for (const [version, baseDir] of [
      ['1', '/a'],
      ['2', '/b'],
      ['3', '/a'],
    ] as const) {
      put(stage, version, baseDir);
      await stage.pass();
      finish(stage, 'SUCCESS');
      await stage.pass();
    }
    const ids = stage.druid.submitted.map((task) => task['id']);
    expect(new Set(ids).size).toBe(3);
    expect(stage.status).toMatchObject({ id: ids[2], submissions: 3, state: 'SUCCESS' });
  });

  it('runs on when it is not suspended any more', async () => {
    const stage = fromConfigMap();
    put(stage, '1', '/a');
    await stage.pass();
    put(stage, '2', '/a', { suspended: true });
    await stage.pass();
    expect(ready(stage)).toBe('True SuspendedAsAsked');
    put(stage, '3', '/a');
    await stage.pass();
    expect(ready(stage)).toBe('False TaskRunning');
  });
});

describe('a batch of the first Druid operator', () => {
  const former = (baseDir: string) => ({
    taskId: 'index_parallel_wiki_abcdefgh',
    'currentIngestionSpec.json': JSON.stringify(batch(baseDir).ingestion.nativeSpec),
    type: 'DruidIngestionControllerCreateSuccess',
  });
  const runner = { runnerStatus: 'NONE', durationMs: 1 } as const;

  it.each([
    ['SUCCESS', 'True Succeeded'],
    ['RUNNING', 'False TaskRunning'],
    ['FAILED', 'False TaskFailed'],
  ] as const)('is not run again, but looked at: %s', async (status, expected) => {
    const stage = new Stage(batch(), {}, former('/data'));
    stage.druid.tasks.set(former('').taskId, { status, ...runner });
    await stage.settle();
    expect(stage.druid.submitted).toEqual([]);
    expect(ready(stage)).toBe(expected);
    expect(stage.status.id).toBe(former('').taskId);
  });

  it.each(['{"type":', '', '[]'])('is not run again where nobody can read what was noted: %j', async (noted) => {
    const stage = new Stage(batch(), {}, { ...former('/data'), 'currentIngestionSpec.json': noted });
    stage.druid.tasks.set(former('').taskId, { status: 'SUCCESS', ...runner });
    await stage.settle();
    expect([ready(stage), stage.druid.submitted]).toEqual(['True Succeeded', []]);
  });

  it('is stopped before one with another spec runs', async () => {
    const stage = new Stage(batch('/other'), {}, former('/data'));
    stage.druid.tasks.set(former('').taskId, { status: 'RUNNING', ...runner });
    const { calls } = await stage.pass();
    expect(calls.slice(0, 2)).toEqual([`shutDownTask ${former('').taskId}`, `submitTask ${stage.status.id}`]);
  });

  it('is stopped when it is suspended', async () => {
    const stage = new Stage({ ...batch('/other'), suspend: true }, {}, former('/data'));
    stage.druid.tasks.set(former('').taskId, { status: 'RUNNING', ...runner });
    const { calls } = await stage.pass();
    expect(calls).toEqual([`shutDownTask ${former('').taskId}`]);
    expect((await stage.pass()).calls).toEqual([]);
  });
});

describe('an SQL ingestion', () => {
  it('is one task, whose id comes from a query id of ours', async () => {
    const stage = new Stage(sql('INSERT INTO "page views" SELECT 1'));
    await stage.settle();
    expect(stage.druid.submitted).toMatchObject([
      { query: 'INSERT INTO "page views" SELECT 1', context: { sqlQueryId: expect.any(String) } },
    ]);
    expect(stage.status).toMatchObject({
      id: expect.stringMatching(/^query-clicks-uid-of-c-g1-/),
      dataSource: 'page views',
    });
  });

  it('that got no answer is looked for before it is started again', async () => {
    const stage = new Stage(sql('INSERT INTO t SELECT 1'));
    stage.druid.troubles.set('submitSql', unreachable);
    await stage.pass();
    const { id = '' } = stage.status;
    // Druid had taken it after all.
    stage.druid.tasks.set(id, { status: 'RUNNING', runnerStatus: 'RUNNING', durationMs: -1 });
    stage.druid.troubles.clear();
    await stage.wait(seconds(30));
    const { calls } = await stage.pass();
    expect(calls).not.toContain('submitSql');
    expect(ready(stage)).toBe('False TaskRunning');
  });
});

describe('an ingestion that becomes one of another kind', () => {
  it('from a supervisor to a task ends the supervisor once the task runs', async () => {
    const stage = new Stage({ druidCluster: 'tiny', ingestion: { type: 'kafka', nativeSpec: kafkaSpec('wiki') } });
    await stage.settle();
    stage.edit(batch());
    const { calls } = await stage.pass();
    expect(calls.findIndex((call) => call.startsWith('submitTask'))).toBeLessThan(calls.indexOf('terminate wiki'));
    expect([...stage.druid.supervisors.keys()]).toEqual([]);
    expect(stage.status.id).toMatch(/^index_parallel_/);
  });

  it('from a task to a supervisor stops the task', async () => {
    const stage = new Stage(batch());
    await stage.pass();
    const former = stage.status.id ?? '';
    stage.edit({ ingestion: { type: 'kafka', nativeSpec: kafkaSpec('wiki') } });
    const { calls } = await stage.pass();
    expect(calls[0]).toBe(`shutDownTask ${former}`);
    expect(ready(stage)).toBe('True Running');
    expect(stage.status).toMatchObject({ id: 'wiki' });
  });
});
