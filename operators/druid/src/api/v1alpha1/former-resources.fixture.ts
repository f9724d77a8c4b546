/** A resource as people have it for the first Druid operator. */
interface FormerResource {
  readonly title: string;
  readonly spec: object;
  readonly status?: object;
}

const kafka = {
  type: 'kafka',
  spec: {
    dataSchema: {
      dataSource: 'metrics-kafka-2',
      timestampSpec: { column: 'timestamp', format: 'auto' },
      dimensionsSpec: { dimensions: [], dimensionExclusions: ['timestamp', 'value'] },
      metricsSpec: [{ name: 'count', type: 'count' }],
      granularitySpec: { type: 'uniform', segmentGranularity: 'HOUR', queryGranularity: 'NONE' },
    },
    ioConfig: {
      topic: 'metrics',
      inputFormat: { type: 'json' },
      consumerProperties: { 'bootstrap.servers': 'kafka:9092' },
      taskCount: 1,
      replicas: 1,
      taskDuration: 'PT5M',
    },
    tuningConfig: { type: 'kafka', maxRowsPerSegment: 5_000_000 },
  },
};

const auth = {
  type: 'basic-auth',
  secretRef: { name: 'admin', namespace: 'druid' },
  usernameKey: 'user',
  passwordKey: 'password',
};

const formerStatus = {
  taskId: 'metrics-kafka-2',
  type: 'DruidIngestionControllerCreateFail',
  status: 'True',
  reason: '{"id":"metrics-kafka-2"}',
  message: 'DruidIngestionControllerCreateFail',
  lastUpdateTime: '2026-01-01T00:00:00Z',
  'currentIngestionSpec.json': JSON.stringify(kafka),
  rules: [{ type: 'dropForever' }],
};

/** The shapes that the samples and tests of the first Druid operator have. */
export const formerResources: readonly FormerResource[] = [
  {
    title: 'a native batch as text, suspended or not',
    spec: {
      suspend: false,
      druidCluster: 'tiny-cluster',
      ingestion: { type: 'native-batch', spec: '{"type": "index_parallel", "spec": {}}' },
    },
  },
  {
    title: 'Kafka as text, with credentials of a namespace',
    spec: { druidCluster: 'tiny-cluster', ingestion: { type: 'kafka', spec: JSON.stringify(kafka) }, auth },
    status: formerStatus,
  },
  {
    title: 'Kafka as an object, with compaction and rules',
    spec: {
      suspend: false,
      druidCluster: 'tiny-cluster',
      ingestion: {
        type: 'kafka',
        compaction: {
          tuningConfig: { type: 'kafka', partitionsSpec: { type: 'dynamic' } },
          skipOffsetFromLatest: 'PT0S',
        },
        rules: [
          { type: 'loadByPeriod', tieredReplicants: { _default_tier: 2 }, period: 'P1M' },
          { type: 'dropForever' },
        ],
        nativeSpec: kafka,
      },
    },
  },
  {
    title: 'both forms of a spec at once',
    spec: { druidCluster: 'tiny-cluster', ingestion: { type: 'kafka', spec: '{}', nativeSpec: kafka } },
  },
];
