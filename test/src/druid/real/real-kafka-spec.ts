import { kafkaSpec, type WantedIngestion } from '../open-druid-world.ts';
import { valueAt } from './druid-console.ts';

/** What differs from the smallest supervisor that is worth something. A part that is undefined is left out. */
export interface SpecParts {
  readonly top?: object;
  readonly dataSchema?: object;
  readonly ioConfig?: object;
  readonly tuningConfig?: object;
}

/** The spec of a supervisor that begins to read a real Kafka soon, from its first record, and tells its lag soon. */
export function realKafkaSpec(bootstrapServers: string, dataSource: string, parts: SpecParts = {}): string {
  const hurry = { startDelay: 'PT1S', period: 'PT2S', useEarliestOffset: true };
  const consumerProperties = { 'bootstrap.servers': bootstrapServers };
  const { spec, ...rest } = JSON.parse(kafkaSpec(dataSource, { consumerProperties, ...hurry, ...parts.ioConfig }));
  const merged = {
    dataSchema: { ...objectAt(spec, 'dataSchema'), ...parts.dataSchema },
    ioConfig: objectAt(spec, 'ioConfig'),
    // Nothing here takes segments over, so that nobody is to be waited for.
    tuningConfig: {
      ...objectAt(spec, 'tuningConfig'),
      ...{ offsetFetchPeriod: 'PT5S', handoffConditionTimeout: 1_000, ...parts.tuningConfig },
    },
  };
  return JSON.stringify({ ...rest, spec: merged, ...parts.top });
}

function objectAt(json: unknown, field: string): object {
  const value = valueAt(json, field);
  return typeof value === 'object' && value !== null ? value : {};
}

/** A resource in the Druid `tiny` with a spec of Kafka as text. */
export function ingestionOf(name: string, spec: string, more: Partial<WantedIngestion['spec']> = {}): WantedIngestion {
  return { metadata: { name }, spec: { druidCluster: 'tiny', ingestion: { type: 'kafka', spec }, ...more } };
}
