import { at, type Scenario } from './scenario.ts';
import type { Witness } from './witness.ts';

const TASKS = '/druid/indexer/v1';

function batch(id: string, data: string, ioConfig: object = {}): object {
  return {
    type: 'index_parallel',
    id,
    context: { owner: 'uid-1' },
    spec: {
      dataSchema: {
        dataSource: 'batch',
        timestampSpec: { column: 'ts', format: 'auto' },
        dimensionsSpec: { dimensions: ['k'] },
        granularitySpec: { segmentGranularity: 'MONTH' },
      },
      ioConfig: {
        type: 'index_parallel',
        inputSource: { type: 'inline', data },
        inputFormat: { type: 'json' },
        ...ioConfig,
      },
      tuningConfig: { type: 'index_parallel', maxParseExceptions: 0 },
    },
  };
}

async function ends(druid: Witness, id: string, how: 'SUCCESS' | 'FAILED'): Promise<void> {
  druid.druid.endTask(id, how);
  await druid.until(`${TASKS}/task/${id}/status`, (body) => at(body, 'status', 'statusCode') !== 'RUNNING');
  const state = (body: unknown): unknown => at(body, 'ingestionStatsAndErrors', 'payload', 'ingestionState');
  await druid.until(`${TASKS}/task/${id}/reports`, (body) => state(body) !== undefined, { read: state });
}

/** Tasks of supervisors run beside those of a scenario. */
function onlyOf(dataSource: string): (body: unknown) => unknown {
  return (body) => (Array.isArray(body) ? body.filter((task) => at(task, 'dataSource') === dataSource) : body);
}

/** The life of tasks. */
export const taskScenarios: readonly Scenario[] = [
  {
    title: 'a batch runs once under its own id, succeeds and reports',
    run: async (druid) => {
      const spec = batch('batch-1', '{"ts":"2026-01-01","k":"v"}\n{"ts":"2026-01-02","k":"w"}');
      await druid.post(`${TASKS}/task`, spec);
      await druid.post(`${TASKS}/task`, spec);
      const tuningLess = (body: unknown): unknown =>
        ['dataSchema', 'ioConfig'].map((part) => at(body, 'payload', 'spec', part));
      await druid.get(`${TASKS}/task/batch-1`, { read: (body) => [tuningLess(body), at(body, 'payload', 'context')] });
      await druid.get(`${TASKS}/task/batch-1/reports`);
      await ends(druid, 'batch-1', 'SUCCESS');
      await druid.post(`${TASKS}/taskStatus`, ['batch-1', 'nobody']);
      await druid.post(`${TASKS}/task/batch-1/shutdown`);
    },
  },
  {
    title: 'a batch that cannot be parsed fails with the exception as its message',
    run: async (druid) => {
      await druid.post(`${TASKS}/task`, batch('batch-2', 'not json'));
      await ends(druid, 'batch-2', 'FAILED');
    },
  },
  {
    title: 'a task that is shut down has failed by request, and stays so',
    run: async (druid) => {
      await druid.post(`${TASKS}/task`, { type: 'noop', id: 'noop-1', dataSource: 'noop', runTime: 600_000 });
      await druid.get(`${TASKS}/tasks?datasource=noop`);
      await druid.get(`${TASKS}/tasks?datasource=noop&state=complete`);
      await druid.get(`${TASKS}/runningTasks`, { read: onlyOf('noop') });
      await druid.post(`${TASKS}/task/noop-1/shutdown`);
      await druid.until(
        `${TASKS}/tasks?datasource=noop&state=complete`,
        (body) => Array.isArray(body) && body.length === 1,
      );
      await druid.get(`${TASKS}/task/noop-1/status`);
      await druid.post(`${TASKS}/task/noop-1/shutdown`);
      await druid.get(`${TASKS}/tasks?state=nosuch`);
    },
  },
  {
    title: 'an unknown task is 404 in words, and a task that is none is refused',
    run: async (druid) => {
      for (const what of ['', '/status', '/reports', '/log']) await druid.get(`${TASKS}/task/nobody${what}`);
      await druid.post(`${TASKS}/task/nobody/shutdown`);
      const bodies = [
        '',
        '{',
        '[]',
        'null',
        {},
        { type: 'nosuch' },
        { type: 'index_parallel' },
        { type: 'index_hadoop', spec: {} },
      ];
      for (const body of bodies) await druid.post(`${TASKS}/task`, body);
      await druid.post(`${TASKS}/task`, batch('a/b', 'x'));
      await druid.post(`${TASKS}/task`, batch('no-source', 'x', { inputSource: undefined }));
      await druid.post(`${TASKS}/task`, batch('no-type', 'x', { type: undefined }));
    },
  },
  {
    title: 'SQL is answered with 500 where no broker is',
    run: async (druid) => {
      await druid.post('/druid/v2/sql/task', { query: 'INSERT INTO x SELECT 1 PARTITIONED BY ALL' });
      await druid.get('/druid/v2/sql/task');
    },
  },
];
