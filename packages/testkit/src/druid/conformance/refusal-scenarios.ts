import { kafkaSupervisor, type SupervisorParts } from './kafka-supervisor.ts';
import { at, type Scenario } from './scenario.ts';

const SUPERVISORS = '/druid/indexer/v1/supervisor';

/** Bodies that are no supervisor at all, as they are sent. */
const unreadable = [
  '',
  '{',
  '[]',
  'null',
  '{}',
  '{"type":"nosuch","spec":{}}',
  '{"type":"kafka"}',
  '{"type":"kafka","spec":{}}',
];

/** One thing wrong each. A part that is undefined is left out. */
const flaws: readonly SupervisorParts[] = [
  { dataSchema: { dataSource: undefined } },
  { dataSchema: { dataSource: '' } },
  { dataSchema: { dataSource: 'a/b' } },
  { dataSchema: { timestampSpec: undefined } },
  { dataSchema: { timestampSpec: 5 } },
  { dataSchema: { dimensionsSpec: { dimensions: ['k', 'k'] } } },
  { dataSchema: { metricsSpec: [{ type: 'nosuch', name: 'm' }] } },
  { dataSchema: { granularitySpec: { segmentGranularity: 'NOPE' } } },
  { ioConfig: { topic: undefined } },
  { ioConfig: { topicPattern: 'a.*' } },
  { ioConfig: { consumerProperties: undefined } },
  { ioConfig: { consumerProperties: {} } },
  { ioConfig: { taskDuration: '1 hour' } },
  { ioConfig: { period: 'xx' } },
  { ioConfig: { taskCount: 'many' } },
  { ioConfig: { inputFormat: { type: 'nosuch' } } },
  { ioConfig: { autoScalerConfig: { enableTaskAutoScaler: true, taskCountMax: 1, taskCountMin: 2 } } },
  { tuningConfig: { type: 'nosuch' } },
  { top: { suspended: 'maybe' } },
  { top: { spec: { dataSchema: { dataSource: 'no-io', timestampSpec: {} } } } },
];

/** What Druid refuses, in its own words, and what it loses doing so. */
export const refusalScenarios: readonly Scenario[] = [
  {
    title: 'what is no supervisor is refused with 400 or 500',
    run: async (druid) => {
      for (const body of unreadable) await druid.post(SUPERVISORS, body);
      await druid.get(SUPERVISORS);
    },
  },
  {
    title: 'each flaw of a spec is named, and the supervisor that runs stays as it is',
    run: async (druid) => {
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'flawed'));
      for (const flaw of flaws) await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'flawed', flaw));
      await druid.get(`${SUPERVISORS}/flawed/history`, { read: (body) => (Array.isArray(body) ? body.length : body) });
      await druid.post(`${SUPERVISORS}/flawed/terminate`);
    },
  },
  {
    title: 'a spec that fails when it starts takes the supervisor away that ran',
    run: async (druid) => {
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'killed'));
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'killed', { ioConfig: { taskCount: -1 } }));
      await druid.get(`${SUPERVISORS}/killed`);
      await druid.get(SUPERVISORS);
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'killed'));
      await druid.get(`${SUPERVISORS}/killed/history`, { read: (body) => (Array.isArray(body) ? body.length : body) });
      await druid.post(`${SUPERVISORS}/killed/terminate`);
    },
  },
  {
    title: 'compaction and schedules that are no specs are refused',
    run: async (druid) => {
      await druid.post(SUPERVISORS, { type: 'autocompact' });
      await druid.post(SUPERVISORS, { type: 'autocompact', spec: {} });
      await druid.post(SUPERVISORS, { type: 'scheduled_batch' });
      const query = 'REPLACE INTO x OVERWRITE ALL SELECT * FROM y PARTITIONED BY DAY';
      await druid.post(SUPERVISORS, {
        type: 'scheduled_batch',
        schedulerConfig: { type: 'unix', schedule: '* * * * *' },
        spec: { query },
      });
    },
  },
  {
    title: 'another content type is 415, another method 405, another path 404',
    run: async (druid) => {
      const spec = kafkaSupervisor(druid, 'typed');
      for (const contentType of ['text/plain', null]) await druid.post(SUPERVISORS, spec, { contentType });
      await druid.post('/druid/indexer/v1/task', {}, { contentType: 'text/plain' });
      await druid.post('/druid/coordinator/v1/rules/x', [], { contentType: 'text/plain' });
      await druid.post('/druid/coordinator/v1/config/compaction', {}, { contentType: 'text/plain' });
      await druid.delete(`${SUPERVISORS}/nobody`);
      await druid.post(`${SUPERVISORS}/nobody`);
      await druid.get(`${SUPERVISORS}/nobody/suspend`);
      for (const path of [`${SUPERVISORS}/nobody/nosuch`, '/druid/indexer/v1/nosuch', '/druid/coordinator/v1/nosuch'])
        await druid.get(path);
      await druid.get('/nosuch', { read: (body) => [at(body, 'message'), at(body, 'status')] });
      await druid.get('/proxy/nosuch/x');
      await druid.get(`${SUPERVISORS}/nobody/history`);
    },
  },
];
