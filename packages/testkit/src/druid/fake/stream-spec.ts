import { dataSchema } from './data-schema.ts';
import {
  bool,
  cannotConstruct,
  defaulted,
  duration,
  type Field,
  int,
  isJsonObject,
  type JsonObject,
  kept,
  oneOf,
  optional,
  shaped,
} from './json-shape.ts';

/** The supervisors that read a stream. Only Kafka's could be held against a real Druid. */
export type StreamType = 'kafka' | 'kinesis' | 'rabbit';

/** What differs between them. */
interface Stream {
  /** The package and the first part of the names of its classes. */
  readonly className: string;
  /** Refuses an ioConfig as its constructor does, and gives what the stream is called. */
  readonly streamOf: (io: JsonObject, className: string) => string;
  /** The fields of ioConfig that only it has. */
  readonly io: Readonly<Record<string, Field>>;
}

const earliest = bool(false);

const streams: Readonly<Record<StreamType, Stream>> = {
  kafka: {
    className: 'org.apache.druid.indexing.kafka.supervisor.Kafka',
    streamOf: kafkaStream,
    io: {
      topic: kept(),
      topicPattern: kept(),
      consumerProperties: kept(),
      pollTimeout: int(100),
      configOverrides: kept(),
      emitTimeLagMetrics: bool(false),
      useEarliestOffset: earliest,
      // A copy of its own field: what is posted here Kafka's passes over.
      useEarliestSequenceNumber: (_, whole) => earliest(whole['useEarliestOffset'], whole),
    },
  },
  kinesis: {
    className: 'org.apache.druid.indexing.kinesis.supervisor.Kinesis',
    streamOf: namedStream,
    io: {
      endpoint: kept('kinesis.us-east-1.amazonaws.com'),
      recordsPerFetch: kept(),
      fetchDelayMillis: int(0),
      awsAssumedRoleArn: kept(),
      awsExternalId: kept(),
      deaggregate: bool(false),
    },
  },
  rabbit: {
    className: 'org.apache.druid.indexing.rabbitstream.supervisor.RabbitStream',
    streamOf: namedStream,
    io: { uri: kept(), consumerProperties: kept(), pollTimeout: int(100) },
  },
};

/**
 * A posted supervisor of a stream as Druid keeps it: with every default, without what Druid does not know. Throws what Druid refuses.
 */
export function streamSpec(type: StreamType, posted: JsonObject): JsonObject {
  const { className, streamOf, io } = streams[type];
  // The shape of old puts the three parts at the top.
  const inner = isJsonObject(posted['spec']) ? posted['spec'] : posted;
  const { dataSchema: schema, ioConfig, tuningConfig } = inner;
  if (!isJsonObject(schema)) throw cannotConstruct(`${className}SupervisorSpec`, 'dataSchema');
  const parts = { dataSchema: dataSchema(schema) };
  if (!isJsonObject(ioConfig)) throw cannotConstruct(`${className}SupervisorSpec`, 'ioConfig');
  const stream = streamOf(ioConfig, `${className}SupervisorIOConfig`);
  const spec = {
    ...parts,
    ioConfig: { ...shaped(ioConfig, { ...sharedIo(type), ...io }), stream },
    tuningConfig: { type, ...shaped(tuningOf(tuningConfig, type), tuning) },
  };
  return {
    type,
    spec,
    ...spec,
    context: posted['context'] ?? null,
    suspended: bool(false)(posted['suspended'], posted),
  };
}

function tuningOf(posted: unknown, type: StreamType): JsonObject {
  const known = oneOf(`${streams[type].className}SupervisorTuningConfig`, [type], 'tuningConfig')(posted, {});
  return isJsonObject(known) ? known : {};
}

function kafkaStream(io: JsonObject, className: string): string {
  const { topic, topicPattern, consumerProperties } = io;
  if (!isJsonObject(consumerProperties)) throw cannotConstruct(className, 'consumerProperties');
  if (consumerProperties['bootstrap.servers'] === undefined) {
    throw cannotConstruct(className, 'consumerProperties must contain entry for [bootstrap.servers]');
  }
  const given = (value: unknown): value is string => typeof value === 'string';
  if (given(topic) && given(topicPattern)) {
    const both = `topic [${topic}] or topicPattern [${topicPattern}]`;
    throw cannotConstruct(className, `Only one of ${both} must be specified`);
  }
  if (given(topic)) return topic;
  if (given(topicPattern)) return topicPattern;
  throw cannotConstruct(className, 'Either topic or topicPattern must be specified');
}

function namedStream(io: JsonObject, className: string): string {
  if (typeof io['stream'] === 'string') return io['stream'];
  throw cannotConstruct(className, 'stream cannot be null');
}

/** The fields of ioConfig that all have, with the place that Druid names where one is wrong. */
function sharedIo(type: StreamType): Readonly<Record<string, Field>> {
  const { className } = streams[type];
  const chain = `${className}SupervisorSpec["spec"]->${className}SupervisorIngestionSpec["ioConfig"]->${className}SupervisorIOConfig`;
  const time = (name: string, fallback: string | null): Field => duration(fallback, `${chain}["${name}"]`);
  return {
    inputFormat,
    replicas: int(1),
    taskCount: int(1),
    taskDuration: time('taskDuration', 'PT3600S'),
    autoScalerConfig: autoScaler,
    startDelay: time('startDelay', 'PT5S'),
    period: time('period', 'PT30S'),
    completionTimeout: time('completionTimeout', 'PT1800S'),
    lateMessageRejectionPeriod: time('lateMessageRejectionPeriod', null),
    earlyMessageRejectionPeriod: time('earlyMessageRejectionPeriod', null),
    lateMessageRejectionStartDateTime: kept(),
    idleConfig: optional({ enabled: bool(false), inactiveAfterMillis: kept() }),
    stopTaskCount: kept(),
    useEarliestSequenceNumber: earliest,
  };
}

const knownFormat = oneOf(
  'org.apache.druid.data.input.InputFormat',
  ['csv', 'json', 'kafka', 'regex', 'tsv'],
  'inputFormat',
);

/** What is false of a format is not kept. */
const inputFormat: Field = (posted, whole) => {
  const format = knownFormat(posted, whole);
  return isJsonObject(format)
    ? Object.fromEntries(Object.entries(format).filter(([, value]) => value !== false))
    : format;
};

const autoScaler: Field = (posted, whole) => {
  const shape = optional({
    autoScalerStrategy: kept('lagBased'),
    lagCollectionIntervalMillis: int(30_000),
    lagCollectionRangeMillis: int(600_000),
    scaleActionStartDelayMillis: int(300_000),
    scaleActionPeriodMillis: int(60_000),
    scaleOutThreshold: int(6_000_000),
    scaleInThreshold: int(1_000_000),
    triggerScaleOutFractionThreshold: kept(0.3),
    triggerScaleInFractionThreshold: kept(0.9),
    taskCountMax: int(0),
    taskCountMin: int(0),
    scaleInStep: int(1),
    scaleOutStep: int(2),
    enableTaskAutoScaler: bool(false),
    minTriggerScaleActionFrequencyMillis: int(600_000),
    lagAggregate: kept(),
  })(posted, whole);
  if (
    isJsonObject(shape) &&
    shape['enableTaskAutoScaler'] === true &&
    Number(shape['taskCountMax']) < Number(shape['taskCountMin'])
  ) {
    const className = 'org.apache.druid.indexing.seekablestream.supervisor.autoscaler.LagBasedAutoScalerConfig';
    throw cannotConstruct(className, `taskCountMax can't lower than taskCountMin!`);
  }
  return shape;
};

const indexSpec = defaulted({
  bitmap: kept({ type: 'roaring' }),
  dimensionCompression: kept('lz4'),
  stringDictionaryEncoding: kept({ type: 'utf8' }),
  metricCompression: kept('lz4'),
  longEncoding: kept('longs'),
});

const tuning: Readonly<Record<string, Field>> = {
  appendableIndexSpec: kept({ type: 'onheap', preserveExistingMetrics: false }),
  maxRowsInMemory: int(150_000),
  maxBytesInMemory: int(0),
  skipBytesInMemoryOverheadCheck: bool(false),
  maxRowsPerSegment: int(5_000_000),
  maxTotalRows: int(null),
  intermediatePersistPeriod: kept('PT10M'),
  maxPendingPersists: int(0),
  indexSpec,
  indexSpecForIntermediatePersists: (posted, whole) => indexSpec(posted ?? whole['indexSpec'], whole),
  reportParseExceptions: bool(false),
  handoffConditionTimeout: int(900_000),
  resetOffsetAutomatically: bool(false),
  segmentWriteOutMediumFactory: kept(),
  workerThreads: int(null),
  chatRetries: int(8),
  httpTimeout: kept('PT10S'),
  shutdownTimeout: kept('PT80S'),
  offsetFetchPeriod: kept('PT30S'),
  intermediateHandoffPeriod: kept('P2147483647D'),
  logParseExceptions: bool(false),
  maxParseExceptions: int(2_147_483_647),
  maxSavedParseExceptions: int(0),
  numPersistThreads: int(1),
  maxColumnsToMerge: int(-1),
  skipSequenceNumberAvailabilityCheck: bool(false),
  repartitionTransitionDuration: kept('PT120S'),
};
