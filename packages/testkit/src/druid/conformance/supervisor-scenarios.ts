import { kafkaSupervisor, type SupervisorParts } from './kafka-supervisor.ts';
import { at, type Scenario } from './scenario.ts';
import type { Asking, Witness } from './witness.ts';

const SUPERVISORS = '/druid/indexer/v1/supervisor';
const UNMODIFIED = `${SUPERVISORS}?skipRestartIfUnmodified=true`;

const settled = (body: unknown): boolean => at(body, 'payload', 'state') === 'SUSPENDED';
const stateOnly: Asking = {
  read: (body) => ['state', 'detailedState', 'suspended', 'healthy', 'stream'].map((name) => at(body, 'payload', name)),
};
const lengthOnly: Asking = { read: (body) => (Array.isArray(body) ? body.length : body) };

/** Posts the same supervisor in another way, and shows whether Druid takes it for another one. */
async function repost(druid: Witness, id: string, spec: unknown): Promise<void> {
  await druid.post(UNMODIFIED, spec);
  await druid.get(`${SUPERVISORS}/${id}/history`, lengthOnly);
}

const everything: SupervisorParts = {
  top: { context: { owner: 'uid-1' }, foo: 1 },
  dataSchema: {
    dimensionsSpec: { dimensions: ['k', { type: 'long', name: 'n' }, { type: 'nosuch', name: 's' }] },
    metricsSpec: [
      { name: 'count', type: 'count' },
      { name: 'sum_v', type: 'doubleSum', fieldName: 'v' },
    ],
    granularitySpec: { type: 'uniform', segmentGranularity: 'hour', queryGranularity: 'NONE', rollup: false },
    transformSpec: { transforms: [{ type: 'expression', name: 'e', expression: 'k' }] },
    unknown: true,
  },
  ioConfig: {
    taskCount: 2,
    replicas: 2,
    taskDuration: 'PT1H',
    startDelay: 'PT1S',
    completionTimeout: 'PT90M',
    lateMessageRejectionPeriod: 'P1D',
    useEarliestOffset: true,
    useEarliestSequenceNumber: false,
    idleConfig: { enabled: true, inactiveAfterMillis: 600_000 },
    autoScalerConfig: { enableTaskAutoScaler: true, taskCountMax: 6, taskCountMin: 2 },
    unknown: true,
  },
  tuningConfig: {
    maxRowsPerSegment: 100,
    logParseExceptions: true,
    indexSpec: { bitmap: { type: 'roaring' } },
    unknown: true,
  },
};

/** The life of supervisors that read Kafka. */
export const supervisorScenarios: readonly Scenario[] = [
  {
    title: 'a supervisor is created, read back with every default, suspended, resumed, reset and terminated',
    run: async (druid) => {
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'life'));
      await druid.get(`${SUPERVISORS}/life`);
      await druid.get(`${SUPERVISORS}/life/health`);
      await druid.get(`${SUPERVISORS}/life/stats`);
      await druid.get(`${SUPERVISORS}/life/parseErrors`);
      await druid.post(`${SUPERVISORS}/life/suspend`);
      await druid.until(`${SUPERVISORS}/life/status`, settled, stateOnly);
      await druid.post(`${SUPERVISORS}/life/reset`);
      await druid.post(`${SUPERVISORS}/life/resume`);
      await druid.post(`${SUPERVISORS}/life/resume`);
      await druid.get(`${SUPERVISORS}/life/status`, { read: (body) => at(body, 'payload', 'suspended') });
      await druid.post(`${SUPERVISORS}/life/suspend`);
      await druid.post(`${SUPERVISORS}/life/terminate`);
      for (const what of ['', '/status', '/health', '/stats']) await druid.get(`${SUPERVISORS}/life${what}`);
      for (const what of ['suspend', 'resume', 'reset', 'terminate', 'shutdown']) {
        await druid.post(`${SUPERVISORS}/life/${what}`);
      }
      await druid.get(`${SUPERVISORS}/life/history`, {
        read: (body) => (Array.isArray(body) ? [body.length, body[0]] : body),
      });
    },
  },
  {
    title: 'a supervisor that runs says RUNNING once it has reached its stream',
    run: async (druid) => {
      await druid.post(
        SUPERVISORS,
        kafkaSupervisor(druid, 'runs', { top: { suspended: false }, ioConfig: { startDelay: 'PT1S' } }),
      );
      await druid.until(
        `${SUPERVISORS}/runs/status`,
        (body) => at(body, 'payload', 'detailedState') === 'RUNNING',
        stateOnly,
      );
      await druid.get(`${SUPERVISORS}/runs/health`);
      await druid.post(`${SUPERVISORS}/runs/taskGroups/handoff`, { taskGroupIds: [0] });
      await druid.post(`${SUPERVISORS}/runs/terminate`);
    },
  },
  {
    title: 'the lists say of no supervisor that it is suspended, but for ?system',
    run: async (druid) => {
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'listed-a'));
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'listed-b'));
      for (const query of ['', '?full', '?state=true', '?system']) await druid.get(`${SUPERVISORS}${query}`);
      await druid.post(`${SUPERVISORS}/resumeAll`);
      await druid.post(`${SUPERVISORS}/suspendAll`);
      await druid.get(`${SUPERVISORS}/listed-a/status`, { read: (body) => at(body, 'payload', 'suspended') });
      await druid.post(`${SUPERVISORS}/terminateAll`);
      await druid.get(SUPERVISORS);
    },
  },
  {
    title: 'what Druid does not know is dropped, and what it knows is kept in its own words',
    run: async (druid) => {
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'full', everything));
      await druid.get(`${SUPERVISORS}/full`);
      await druid.post(`${SUPERVISORS}/full/terminate`);
      const pattern = { topic: undefined, topicPattern: 'a.*', inputFormat: { type: 'csv', columns: ['ts', 'k'] } };
      await druid.post(
        SUPERVISORS,
        kafkaSupervisor(druid, 'pattern', { ioConfig: pattern, dataSchema: { dimensionsSpec: null } }),
      );
      await druid.get(`${SUPERVISORS}/pattern`);
      await druid.post(`${SUPERVISORS}/pattern/terminate`);
    },
  },
  {
    title: 'a spec is unmodified when it says the same in other words, and modified by a context',
    run: async (druid) => {
      const spec = kafkaSupervisor(druid, 'same', { ioConfig: { taskDuration: 'PT1H' } });
      await druid.post(SUPERVISORS, spec);
      const kept = await druid.get(`${SUPERVISORS}/same`);
      await repost(druid, 'same', kept);
      await repost(druid, 'same', Object.fromEntries(Object.entries(spec).toReversed()));
      await repost(
        druid,
        'same',
        kafkaSupervisor(druid, 'same', { ioConfig: { taskDuration: 'PT60M', taskCount: 1 } }),
      );
      await repost(druid, 'same', kafkaSupervisor(druid, 'same', { top: { context: { owner: 'uid-1' } } }));
      await repost(druid, 'same', kafkaSupervisor(druid, 'same', { ioConfig: { topic: 'another' } }));
      await repost(druid, 'same', kafkaSupervisor(druid, 'same', { top: { suspended: false } }));
      await druid.post(`${SUPERVISORS}/same/terminate`);
    },
  },
  {
    title: 'the shape of old, a name with a space and a second POST are all accepted',
    run: async (druid) => {
      const spec = kafkaSupervisor(druid, 'with space');
      await druid.post(SUPERVISORS, spec);
      await druid.post(SUPERVISORS, spec);
      await druid.get(`${SUPERVISORS}/with%20space/history`, lengthOnly);
      await druid.post(`${SUPERVISORS}/with%20space/shutdown`);
      const inner = at(kafkaSupervisor(druid, 'of-old'), 'spec');
      await druid.post(SUPERVISORS, { type: 'kafka', suspended: true, ...(typeof inner === 'object' ? inner : {}) });
      await druid.get(`${SUPERVISORS}/of-old`);
      await druid.post(`${SUPERVISORS}/of-old/terminate`);
    },
  },
  {
    title: 'offsets are reset for the stream that is read, and nothing else',
    run: async (druid) => {
      const offsets = `${SUPERVISORS}/offsets/resetOffsets`;
      const to = (stream: string, map: object): object => ({
        type: 'kafka',
        partitions: { type: 'end', stream, partitionOffsetMap: map },
      });
      await druid.post(SUPERVISORS, kafkaSupervisor(druid, 'offsets'));
      await druid.post(offsets, to('offsets', { 0: 5 }));
      await druid.post(offsets, to('offsets', {}));
      await druid.post(offsets, to('another', { 0: 5 }));
      for (const body of [{ type: 'kafka' }, {}, { type: 'nosuch' }]) await druid.post(offsets, body);
      await druid.post(offsets);
      await druid.post(`${SUPERVISORS}/nobody/resetOffsets`, to('offsets', { 0: 5 }));
      await druid.post(`${SUPERVISORS}/offsets/taskGroups/handoff`, { taskGroupIds: [] });
      await druid.post(`${SUPERVISORS}/offsets/taskGroups/handoff`, {});
      await druid.post(`${SUPERVISORS}/nobody/taskGroups/handoff`, { taskGroupIds: [0] });
      await druid.post(`${SUPERVISORS}/offsets/terminate`);
    },
  },
  {
    title: 'compaction is supervised under an id of its own and knows no health, no reset and no hand-off',
    run: async (druid) => {
      const id = `${SUPERVISORS}/autocompact__compacted`;
      await druid.post(SUPERVISORS, {
        type: 'autocompact',
        spec: { dataSource: 'compacted', skipOffsetFromLatest: 'PT0S' },
      });
      for (const what of ['', '/status', '/health', '/stats']) await druid.get(`${id}${what}`);
      await druid.post(`${id}/suspend`);
      await druid.post(`${id}/suspend`);
      await druid.post(`${id}/reset`);
      await druid.post(`${id}/taskGroups/handoff`, { taskGroupIds: [0] });
      await druid.post(UNMODIFIED, {
        type: 'autocompact',
        suspended: true,
        spec: { dataSource: 'compacted', skipOffsetFromLatest: 'PT0S' },
      });
      await druid.get(`${id}/history`, lengthOnly);
      await druid.post(`${id}/terminate`);
    },
  },
];
