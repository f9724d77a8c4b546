import { dimension, granularityOr } from './data-schema.ts';
import {
  cannotConstruct,
  type Field,
  int,
  isJsonObject,
  type JsonObject,
  kept,
  optional,
  period,
  refused,
  shaped,
} from './json-shape.ts';

const CLASS = 'org.apache.druid.server.coordinator.InlineSchemaDataSourceCompactionConfig';

/** A posted compaction configuration as Druid keeps it. Throws what Druid refuses. */
export function compactionSpec(posted: unknown): JsonObject {
  if (!isJsonObject(posted)) {
    throw refused(`Cannot deserialize value of type \`${CLASS}\` from Array value (token \`JsonToken.START_ARRAY\`)`);
  }
  const { dataSource } = posted;
  const config = shaped(posted, posted['type'] === 'catalog' ? catalogFields : fields);
  if (typeof dataSource !== 'string') throw cannotConstruct(CLASS, 'dataSource');
  return config;
}

const partitions: Field = (posted) => {
  if (!isJsonObject(posted)) return null;
  if (posted['type'] === 'dynamic') {
    return { type: 'dynamic', ...shaped(posted, { maxRowsPerSegment: int(5_000_000), maxTotalRows: kept() }) };
  }
  if (posted['type'] === 'range') {
    const range = { targetRowsPerSegment: kept(), maxRowsPerSegment: kept(), partitionDimensions: kept([]) };
    return { type: 'range', ...shaped(posted, { ...range, assumeGrouped: kept(false) }) };
  }
  // Whatever else it is called, Druid takes it for the default.
  const hashed = { numShards: kept(), partitionDimensions: kept([]), partitionFunction: kept('murmur3_32_abs') };
  return { type: 'hashed', ...shaped(posted, { ...hashed, maxRowsPerSegment: int(5_000_000) }) };
};

const TUNING_FIELDS = [
  'maxRowsInMemory',
  'appendableIndexSpec',
  'maxBytesInMemory',
  'maxTotalRows',
  'splitHintSpec',
  'indexSpec',
  'indexSpecForIntermediatePersists',
  'maxPendingPersists',
  'pushTimeout',
  'segmentWriteOutMediumFactory',
  'maxNumConcurrentSubTasks',
  'maxRetry',
  'taskStatusCheckPeriodMs',
  'chatHandlerTimeout',
  'chatHandlerNumRetries',
  'maxNumSegmentsToMerge',
  'totalNumMergeTasks',
  'maxColumnsToMerge',
];

/** Whatever type was posted is forgotten; Druid adds its own, and whether the partitions need a perfect roll-up. */
const tuning: Field = (posted, whole) => {
  const own = Object.fromEntries(TUNING_FIELDS.map((name) => [name, kept()]));
  const config = optional({ ...own, partitionsSpec: partitions })(posted, whole);
  if (!isJsonObject(config)) return null;
  const { partitionsSpec } = config;
  const forceGuaranteedRollup = isJsonObject(partitionsSpec) && partitionsSpec['type'] !== 'dynamic';
  return { ...config, type: 'index_parallel', forceGuaranteedRollup };
};

const fields: Readonly<Record<string, Field>> = {
  type: kept('inline'),
  dataSource: kept(),
  taskPriority: int(25),
  inputSegmentSizeBytes: int(100_000_000_000_000),
  maxRowsPerSegment: int(null),
  skipOffsetFromLatest: period('P1D', `${CLASS}["skipOffsetFromLatest"]`),
  tuningConfig: tuning,
  granularitySpec: optional({
    segmentGranularity: granularityOr(null),
    queryGranularity: granularityOr(null),
    rollup: kept(),
  }),
  dimensionsSpec: optional({ dimensions: (posted) => (Array.isArray(posted) ? posted.map(dimension) : []) }),
  metricsSpec: kept(),
  transformSpec: kept(),
  projections: kept(),
  ioConfig: optional({ dropExisting: kept(false) }),
  engine: kept(),
  taskContext: kept(),
};

/** What a configuration keeps whose schema is in the catalog. */
const catalogFields: Readonly<Record<string, Field>> = Object.fromEntries(
  ['type', 'dataSource', 'engine', 'skipOffsetFromLatest', 'taskPriority', 'taskContext', 'inputSegmentSizeBytes'].map(
    (name) => [name, fields[name] ?? kept()],
  ),
);
