import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';

/** A resource as far as it says where Druid is, and who asks it: what is left of one whose wishes nothing can be made of. */
export function withoutWishes(ingestion: DruidIngestion): DruidIngestion {
  const { lookups: _lookups, dynamicConfig: _config, operations: _operations, ...spec } = ingestion.spec;
  return { ...ingestion, spec: { ...spec, ingestion: { type: 'kafka', spec: '{}' } } };
}
