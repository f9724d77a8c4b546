import type { SpecParts } from './real-kafka-spec.ts';

/**
 * What becomes of a spec that is wrong. `Judged`: the operator says so, and Druid is not asked. `Refused`: Druid refuses it.
 * `Fatal`: Druid ends the supervisor that runs when it refuses it.
 */
export type Verdict =
  | { readonly by: 'Judged'; readonly reason: 'SpecInvalid' | 'SpecUnsafe' | 'TypeUnsupported' }
  | { readonly by: 'Refused' | 'Fatal' };

/** One thing wrong: parts over a good spec, or a text in place of it. */
export interface BadSpec {
  readonly title: string;
  readonly verdict: Verdict;
  readonly parts?: SpecParts;
  readonly text?: string;
  /** `spec.ingestion.type`, kafka unless told. */
  readonly type?: string;
}

const invalid: Verdict = { by: 'Judged', reason: 'SpecInvalid' };
const unsafe: Verdict = { by: 'Judged', reason: 'SpecUnsafe' };
const unsupported: Verdict = { by: 'Judged', reason: 'TypeUnsupported' };
const refused: Verdict = { by: 'Refused' };

/** Texts that are no supervisor at all. */
const texts: readonly BadSpec[] = [
  { title: 'an empty text', verdict: invalid, text: ' ' },
  { title: 'JSON that is cut off', verdict: invalid, text: '{"type":"kafka"' },
  { title: 'null', verdict: invalid, text: 'null' },
  { title: 'a list', verdict: invalid, text: '[]' },
  { title: 'an empty object', verdict: invalid, text: '{}' },
  { title: 'a type and nothing else', verdict: invalid, text: '{"type":"kafka"}' },
  { title: 'a task in place of a supervisor', verdict: unsupported, text: '{"type":"index_parallel","spec":{}}' },
  { title: 'a type that the operator does not know', verdict: unsupported, type: 'kafak' },
];

/** Specs that name a supervisor, and could not be one. */
const flaws: readonly BadSpec[] = [
  { title: 'a type that Druid does not know', verdict: refused, parts: { top: { type: 'nosuch' } } },
  { title: 'no ioConfig', verdict: refused, parts: { top: { spec: { dataSchema: { dataSource: 'no-io' } } } } },
  { title: 'no data source', verdict: invalid, parts: { dataSchema: { dataSource: undefined } } },
  { title: 'an empty data source', verdict: invalid, parts: { dataSchema: { dataSource: '' } } },
  { title: 'a data source with a slash', verdict: refused, parts: { dataSchema: { dataSource: 'a/b' } } },
  { title: 'no timestampSpec', verdict: refused, parts: { dataSchema: { timestampSpec: undefined } } },
  { title: 'a number for an object', verdict: refused, parts: { dataSchema: { timestampSpec: 5 } } },
  {
    title: 'a dimension twice',
    verdict: refused,
    parts: { dataSchema: { dimensionsSpec: { dimensions: ['k', 'k'] } } },
  },
  {
    title: 'an aggregator that Druid does not know',
    verdict: refused,
    parts: { dataSchema: { metricsSpec: [{ type: 'nosuch', name: 'm' }] } },
  },
  {
    title: 'a granularity that is none',
    verdict: refused,
    parts: { dataSchema: { granularitySpec: { segmentGranularity: 'NOPE' } } },
  },
  { title: 'no topic', verdict: refused, parts: { ioConfig: { topic: undefined } } },
  { title: 'a topic and a pattern', verdict: refused, parts: { ioConfig: { topicPattern: 'a.*' } } },
  { title: 'no consumer properties', verdict: refused, parts: { ioConfig: { consumerProperties: undefined } } },
  { title: 'no bootstrap servers', verdict: refused, parts: { ioConfig: { consumerProperties: {} } } },
  {
    title: 'a consumer property that loads a class',
    verdict: unsafe,
    parts: { ioConfig: { consumerProperties: { 'bootstrap.servers': 'x:1', 'interceptor.classes': 'x.Y' } } },
  },
  { title: 'a duration in words', verdict: refused, parts: { ioConfig: { taskDuration: '1 hour' } } },
  { title: 'a period that is none', verdict: refused, parts: { ioConfig: { period: 'xx' } } },
  { title: 'a word for a number', verdict: refused, parts: { ioConfig: { taskCount: 'many' } } },
  { title: 'fewer tasks than none', verdict: { by: 'Fatal' }, parts: { ioConfig: { taskCount: -1 } } },
  { title: 'a format that Druid does not know', verdict: refused, parts: { ioConfig: { inputFormat: { type: 'x' } } } },
  {
    title: 'a scaler with less at most than at least',
    verdict: refused,
    parts: { ioConfig: { autoScalerConfig: { enableTaskAutoScaler: true, taskCountMax: 1, taskCountMin: 2 } } },
  },
  { title: 'tuning of another type', verdict: refused, parts: { tuningConfig: { type: 'nosuch' } } },
  { title: 'suspended or not, maybe', verdict: invalid, parts: { top: { suspended: 'maybe' } } },
];

/** Everything that a spec of Kafka can be wrong in, as far as Druid 33 or the operator says so. */
export const badSpecs: readonly BadSpec[] = [...texts, ...flaws];

/** What looks wrong, and Druid takes: unknown fields are dropped, what is missing is made up for, and the shape of old is known. */
export const oddSpecs: readonly { readonly title: string; readonly parts: SpecParts }[] = [
  {
    title: 'fields that Druid does not know',
    parts: { top: { foo: 1 }, dataSchema: { foo: { bar: 1 } }, ioConfig: { foo: 1 }, tuningConfig: { foo: 1 } },
  },
  { title: 'no granularitySpec', parts: { dataSchema: { granularitySpec: undefined } } },
  { title: 'periods in other words', parts: { ioConfig: { taskDuration: 'PT3600S', completionTimeout: 'PT1800S' } } },
  { title: 'numbers as texts', parts: { ioConfig: { taskCount: '1' }, tuningConfig: { maxRowsInMemory: '1000' } } },
  { title: 'suspended as a text', parts: { top: { suspended: 'false' } } },
  { title: 'an id of its own, which Druid 33 does not know', parts: { top: { id: 'another-id' } } },
];
