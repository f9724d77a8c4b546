import type { WantedIngestion } from '../open-druid-world.ts';

/** What the samples name that is not here, and what is named in its place. */
export interface Places {
  /** For `localhost:9092`. */
  readonly bootstrapServers: string;
  /** For the directory `quickstart/tutorial/` of a Druid that was unpacked. */
  readonly tutorial: string;
}

/** The file that the samples of batches read in that directory, zipped. */
export const tutorialFile = 'wikiticker-2015-09-12-sampled.json.gz';

/** One row of it for each page. */
export function tutorialRows(pages: readonly string[]): string {
  return pages
    .map((page) => JSON.stringify({ time: '2015-09-12T01:00:00.000Z', channel: '#en.wikipedia', page, added: 3 }))
    .join('\n');
}

const channels = ['channel', 'cityName', 'comment', 'page', 'user', { name: 'added', type: 'long' }];

function batch(dataSource: string, tuning: object, { tutorial }: Places): object {
  const granularitySpec = {
    ...{ type: 'uniform', segmentGranularity: 'day', queryGranularity: 'none', rollup: false },
    intervals: ['2015-09-12/2015-09-13'],
  };
  return {
    type: 'index_parallel',
    spec: {
      dataSchema: {
        ...{ dataSource, timestampSpec: { column: 'time', format: 'iso' } },
        ...{ dimensionsSpec: { dimensions: channels }, metricsSpec: [], granularitySpec },
      },
      ioConfig: {
        type: 'index_parallel',
        inputSource: { type: 'local', baseDir: tutorial, filter: tutorialFile },
        inputFormat: { type: 'json' },
        appendToExisting: false,
      },
      tuningConfig: { type: 'index_parallel', maxRowsInMemory: 25_000, ...tuning },
    },
  };
}

function kafka(dataSource: string, { bootstrapServers }: Places): object {
  const sums = ['Sum', 'Min', 'Max'].map((how) => ({
    ...{ name: `value_${how.toLowerCase()}`, fieldName: 'value', type: `double${how}` },
  }));
  return {
    type: 'kafka',
    spec: {
      dataSchema: {
        dataSource,
        timestampSpec: { column: 'timestamp', format: 'auto' },
        dimensionsSpec: { dimensions: [], dimensionExclusions: ['timestamp', 'value'] },
        metricsSpec: [{ name: 'count', type: 'count' }, ...sums],
        granularitySpec: { type: 'uniform', segmentGranularity: 'HOUR', queryGranularity: 'NONE' },
      },
      ioConfig: {
        topic: 'metrics',
        inputFormat: { type: 'json' },
        consumerProperties: { 'bootstrap.servers': bootstrapServers },
        ...{ taskCount: 1, replicas: 1, taskDuration: 'PT1H' },
      },
      tuningConfig: { type: 'kafka', maxRowsPerSegment: 5_000_000 },
    },
  };
}

/** Druid drops the type of the tuning, and keeps the rest. */
const compaction = {
  tuningConfig: { type: 'kafka', partitionsSpec: { type: 'dynamic' } },
  skipOffsetFromLatest: 'PT0S',
  granularitySpec: { segmentGranularity: 'DAY' },
};

const rules = [
  { type: 'dropByPeriod', period: 'P1M', includeFuture: true },
  { type: 'broadcastByPeriod', period: 'P1M', includeFuture: true },
];

function sample(name: string, ingestion: WantedIngestion['spec']['ingestion']): WantedIngestion {
  const labels = { 'app.kubernetes.io/name': 'druidingestion', 'app.kubernetes.io/instance': 'druidingestion-sample' };
  return { metadata: { name, labels }, spec: { suspend: false, druidCluster: 'tiny-cluster', ingestion } };
}

/** Resources in the shapes of the samples of the first Druid operator: its batches, and its two ways to write Kafka. */
export function formerSamples(places: Places): readonly WantedIngestion[] {
  const text = (spec: object) => JSON.stringify(spec, undefined, 2);
  const [rows, dynamic] = [{ maxRowsPerSegment: 5_000_000 }, { partitionsSpec: { type: 'dynamic' } }];
  const settings = { type: 'kafka', compaction, rules };
  return [
    sample('wikipedia-ingestion', { type: 'native-batch', spec: text(batch('wikipedia-2', rows, places)) }),
    sample('wikipedia-1', { type: 'native-batch', spec: text(batch('wikipedia-1', dynamic, places)) }),
    sample('kafka-1', { ...settings, spec: text(kafka('metrics-kafka', places)) }),
    // A spec that is an object reads like one that was parsed.
    sample('kafka-2', { ...settings, nativeSpec: JSON.parse(text(kafka('metrics-kafka-2', places))) }),
  ];
}
