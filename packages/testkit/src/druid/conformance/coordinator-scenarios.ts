import type { Scenario } from './scenario.ts';

const COORDINATOR = '/druid/coordinator/v1';
const RULES = `${COORDINATOR}/rules`;
const COMPACTION = `${COORDINATOR}/config/compaction`;
const OVERLORD_COMPACTION = '/druid/indexer/v1/compaction/config';
const LOOKUPS = `${COORDINATOR}/lookups/config`;
const WORKER = '/druid/indexer/v1/worker';

const year = '2020-01-01/2021-01-01';
const rules = [
  { type: 'loadByPeriod', period: 'P1M', tieredReplicants: { hot: 1 }, unknown: true },
  { type: 'loadByInterval', interval: year, useDefaultTierForNull: false },
  { type: 'dropByPeriod', period: 'P1M', includeFuture: false },
  { type: 'dropByInterval', interval: year },
  { type: 'dropBeforeByPeriod', period: 'P1M' },
  { type: 'broadcastByPeriod', period: 'P1M' },
  { type: 'broadcastByInterval', interval: year },
  { type: 'broadcastForever' },
  { type: 'dropForever' },
  { type: 'loadForever' },
];
const badRules = [
  '',
  '[',
  'null',
  {},
  [{}],
  [{ type: 'nosuch' }],
  [{ type: 'loadByPeriod', period: 'xx' }],
  [{ type: 'dropByInterval', interval: 'x' }],
  [{ type: 'loadForever', tieredReplicants: { hot: 'a' } }],
  [{ type: 'loadForever', tieredReplicants: { hot: -1 } }],
];

const configs = [
  {},
  {
    skipOffsetFromLatest: 'PT0S',
    granularitySpec: { segmentGranularity: 'day' },
    tuningConfig: { type: 'kafka', partitionsSpec: { type: 'dynamic' } },
  },
  {
    tuningConfig: {
      maxRowsInMemory: 5,
      unknown: true,
      partitionsSpec: { type: 'range', partitionDimensions: ['a'], targetRowsPerSegment: 5 },
    },
  },
  {
    dimensionsSpec: { dimensions: ['a'] },
    tuningConfig: { partitionsSpec: { type: 'nosuch' } },
    taskContext: { a: 1 },
    ioConfig: { dropExisting: true },
  },
  {
    granularitySpec: { segmentGranularity: 'DAY', queryGranularity: 'HOUR', rollup: false },
    tuningConfig: {},
    engine: 'native',
  },
  { type: 'catalog' },
];
const badConfigs = [
  { skipOffsetFromLatest: 'zz' },
  { taskPriority: 'high' },
  { dataSource: undefined },
  { engine: 'msq' },
  { granularitySpec: { segmentGranularity: 'NOPE' } },
];

/** What coordinator and overlord are configured with. */
export const coordinatorScenarios: readonly Scenario[] = [
  {
    title: 'retention rules come back with their defaults, and an empty list clears them',
    run: async (druid) => {
      await druid.get(`${RULES}/ruled`);
      for (const rule of rules) {
        await druid.post(`${RULES}/ruled`, [rule]);
        await druid.get(`${RULES}/ruled`);
      }
      await druid.get(`${RULES}/ruled?full`);
      await druid.post(`${RULES}/ruled`, rules);
      await druid.get(`${RULES}/ruled`);
      for (const body of badRules) await druid.post(`${RULES}/ruled`, body);
      await druid.delete(`${RULES}/ruled`);
      await druid.post(`${RULES}/ruled`, []);
      await druid.get(`${RULES}/ruled`);
      await druid.get(`${RULES}/_default`);
    },
  },
  {
    title: 'a compaction configuration comes back with its defaults until it is deleted',
    run: async (druid) => {
      await druid.get(`${COMPACTION}/c`);
      for (const config of configs) {
        await druid.post(COMPACTION, { dataSource: 'c', ...config });
        await druid.get(`${COMPACTION}/c`);
      }
      for (const config of badConfigs) await druid.post(COMPACTION, { dataSource: 'c', ...config });
      for (const body of ['', '{', '[]']) await druid.post(COMPACTION, body);
      await druid.get(COMPACTION);
      await druid.delete(`${COMPACTION}/c`);
      await druid.delete(`${COMPACTION}/c`);
    },
  },
  {
    title: 'the overlord has the same compaction configurations, and makes supervisors of its own where it is told to',
    run: async (druid) => {
      const [one, cluster] = [`${OVERLORD_COMPACTION}/datasources/o`, `${OVERLORD_COMPACTION}/cluster`];
      await druid.post(one, { dataSource: 'o' });
      await druid.get(`${COMPACTION}/o`);
      await druid.get(`${OVERLORD_COMPACTION}/datasources`);
      await druid.post(one, { dataSource: 'another' });
      await druid.delete(one);
      await druid.delete(one);
      await druid.post(cluster, { useSupervisors: true });
      await druid.get(cluster);
      await druid.post(one, { dataSource: 'o' });
      await druid.get('/druid/indexer/v1/supervisor/autocompact__o/status');
      await druid.delete(one);
      await druid.get('/druid/indexer/v1/supervisor/autocompact__o');
      await druid.post(COMPACTION, { dataSource: 'o' });
      await druid.get('/druid/indexer/v1/supervisor/autocompact__o');
      await druid.delete(`${COMPACTION}/o`);
      await druid.post(cluster, {});
      await druid.get(cluster);
    },
  },
  {
    title: 'the coordinator merges its dynamic configuration, the overlord replaces its own',
    run: async (druid) => {
      const path = `${COORDINATOR}/config`;
      await druid.get(path);
      await druid.post(path, { maxSegmentsToMove: 7, unknown: true });
      await druid.post(path, { replicantLifetime: 33, replicationThrottleLimit: null, killDataSourceWhitelist: 'a,b' });
      await druid.get(path);
      for (const body of ['', [], { maxSegmentsToMove: 'x' }, { killTaskSlotRatio: 3 }]) await druid.post(path, body);
      await druid.get(WORKER);
      await druid.post(WORKER, { selectStrategy: { type: 'equalDistribution' } });
      await druid.get(WORKER);
      await druid.post(WORKER, {});
      await druid.get(WORKER);
    },
  },
  {
    title: 'lookups are initialised once, and replaced only by a later version',
    run: async (druid) => {
      const lookup = (version: string | undefined, to: string): object => ({
        version,
        lookupExtractorFactory: { type: 'map', map: { a: to } },
      });
      const one = `${LOOKUPS}/__default/l1`;
      for (const path of ['', '/all', '/__default', '/__default/l1']) await druid.get(`${LOOKUPS}${path}`);
      await druid.post(one, lookup('v1', 'b'));
      await druid.post(LOOKUPS, {});
      for (const path of ['', '/all', '/__default']) await druid.get(`${LOOKUPS}${path}`);
      for (const version of ['v1', 'v1', 'v0', 'v2', 'v10', undefined]) await druid.post(one, lookup(version, 'b'));
      for (const path of ['', '/all', '/__default', '/nosuch', '/__default/l1']) await druid.get(`${LOOKUPS}${path}`);
      for (const body of ['', '{', { version: 'v1' }]) await druid.post(`${LOOKUPS}/__default/l2`, body);
      await druid.post(LOOKUPS, { __default: { l3: lookup('v1', 'c') } });
      await druid.delete(one);
      await druid.delete(one);
      await druid.get(one);
      await druid.delete(`${LOOKUPS}/nosuch/l1`);
      await druid.delete(`${LOOKUPS}/__default`);
      await druid.get(LOOKUPS);
    },
  },
  {
    title: 'a Druid without anything in it says so',
    run: async (druid) => {
      await druid.get('/status/health');
      await druid.get('/status', { read: () => 'json' });
      for (const path of ['/druid/indexer/v1/isLeader', `${COORDINATOR}/isLeader`]) await druid.get(path);
      for (const path of ['/druid/indexer/v1/leader', `${COORDINATOR}/leader`]) await druid.get(path);
      await druid.get(`${COORDINATOR}/datasources/nobody`);
      await druid.get(`${COORDINATOR}/compaction/progress?dataSource=nobody`);
    },
  },
];
