import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { unsafeLookup } from './spec/safety/lookups.ts';
import { strictRules } from './spec/safety/safety-rules.ts';
import { unsafeParts } from './spec/safety/unsafe-parts.ts';
import { understand } from './spec/understand.ts';

const directory = new URL('../../../deploy/samples/druid/', import.meta.url);
const samples = readdirSync(directory).flatMap((file) =>
  parseAllDocuments(readFileSync(new URL(file, directory), 'utf8'))
    .map((document): DruidIngestion => document.toJS())
    .filter(({ kind }) => kind === 'DruidIngestion')
    .map((sample) => [file, sample] as const),
);

describe('the samples', () => {
  it('are of each way to ingest', () => {
    expect(samples.map(([file]) => file)).toEqual([
      'from-config-map.yaml',
      'kafka-secured.yaml',
      'kafka.yaml',
      'lookups-and-configuration.yaml',
      'minimal.yaml',
      'native-batch.yaml',
      'production.yaml',
      'sql.yaml',
    ]);
  });

  it.each(samples)('%s has no field that the schema does not know, and is valid', (_file, sample) => {
    expect([DruidIngestion.unknownFields(sample), DruidIngestion.validate(sample)]).toEqual([[], []]);
  });

  it.each(samples.filter(([, { spec }]) => spec.ingestion.specFrom === undefined))(
    '%s is understood, and safe without any flag',
    (_file, { spec: { ingestion, lookups = [] } }) => {
      const result = understand({
        type: ingestion.type,
        spec: ingestion.nativeSpec ?? ingestion.spec ?? '',
        fallbackId: 'x',
      });
      if ('problem' in result) throw new Error(result.problem.message);
      const factories = lookups.map(({ lookupExtractorFactory }) => lookupExtractorFactory);
      const problems = factories.flatMap((factory) => unsafeLookup(factory, strictRules));
      expect([...unsafeParts(result.understood.spec, strictRules), ...problems]).toEqual([]);
    },
  );
});
