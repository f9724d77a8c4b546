import { describe, expect, it } from 'vitest';
import { DruidIngestion } from './druid-ingestion.ts';
import { formerResources } from './former-resources.fixture.ts';
import { refusedSpecs } from './refused-specs.fixture.ts';

describe('a resource of the first Druid operator', () => {
  it.each(formerResources)('applies unchanged: $title', ({ spec, status }) => {
    const object = { metadata: { name: 'clicks' }, spec, ...(status !== undefined && { status }) };
    expect([DruidIngestion.unknownFields(object), DruidIngestion.validate(object)]).toEqual([[], []]);
  });
});

describe('a spec that cannot be', () => {
  it.each(refusedSpecs)('is refused at $path: $title', ({ spec, path }) => {
    const violations = DruidIngestion.validate({ metadata: { name: 'clicks' }, spec });
    expect([...new Set(violations.map((violation) => violation.path))]).toEqual([path]);
  });
});

describe('a change', () => {
  it('of the cluster is refused, because the supervisor would stay behind', () => {
    const object = (druidCluster: string) => ({
      metadata: { name: 'clicks' },
      spec: { druidCluster, ingestion: { type: 'kafka', spec: '{}' } },
    });
    expect(DruidIngestion.validate(object('b'), object('a')).map(({ path }) => path)).toEqual(['spec.druidCluster']);
  });
});

describe('the printer columns', () => {
  it('are those that people look at', () => {
    const [version] = DruidIngestion.manifest().spec.versions;
    const shown = version?.additionalPrinterColumns?.filter(({ priority = 0 }) => priority === 0) ?? [];
    expect(shown.map(({ name, jsonPath }) => `${name} ${jsonPath}`)).toEqual([
      'Type .spec.ingestion.type',
      'Id .status.id',
      'State .status.state',
      "Suspended .status.conditions[?(@.type=='Suspended')].status",
      'Lag .status.lag',
      "Ready .status.conditions[?(@.type=='Ready')].status",
      'Age .metadata.creationTimestamp',
    ]);
  });
});

describe('deletionPolicy', () => {
  it('is Terminate unless given', () => {
    const spec = { druidCluster: 'tiny', ingestion: { type: 'kafka', spec: '{}' } };
    expect(DruidIngestion.withDefaults({ metadata: { name: 'a' }, spec }).spec.deletionPolicy).toBe('Terminate');
  });
});
