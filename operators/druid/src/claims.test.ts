import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec } from './a-stage.fixture.ts';
import { claimsOf, rivalOf } from './claims.ts';

const first = { name: 'first', uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
const second = { name: 'second', uid: '2', creationTimestamp: '2026-01-01T00:00:01Z' };

function rivalAmong(resource: ReturnType<typeof anIngestion>, all: readonly ReturnType<typeof anIngestion>[]) {
  return rivalOf(resource, { byIndex: (_name, value) => all.filter((each) => claimsOf(each).includes(value)) });
}

describe('what a resource claims in Druid', () => {
  it('is its supervisor, also the one it has now, in its own cluster', () => {
    expect(claimsOf(anIngestion(kafkaIngestion(), {}, { id: 'before' }))).toEqual([
      'shop/tiny supervisor clicks',
      'shop/tiny supervisor before',
    ]);
  });

  it('is the rules and the compaction of its data source, where it asks for any', () => {
    const ingestion = { type: 'kafka', nativeSpec: kafkaSpec(), rules: [{ type: 'loadForever' }], compaction: {} };
    expect(claimsOf(anIngestion({ druidCluster: 'tiny', ingestion }))).toEqual([
      'shop/tiny supervisor clicks',
      'shop/tiny rules clicks',
      'shop/tiny compaction clicks',
    ]);
  });

  it('is told by the address where there is one', () => {
    const endpoint = { url: 'https://druid.example' };
    expect(claimsOf(anIngestion(kafkaIngestion({ endpoint })))).toEqual(['https://druid.example supervisor clicks']);
  });

  it('is no supervisor for a task', () => {
    const ingestion = { type: 'sql', spec: 'INSERT INTO clicks SELECT 1' };
    expect(claimsOf(anIngestion({ druidCluster: 'tiny', ingestion }, {}, { id: 'query-1' }))).toEqual([]);
  });
});

describe('of two resources with one supervisor', () => {
  it('the older one comes first', () => {
    const pair = [anIngestion(kafkaIngestion(), first), anIngestion(kafkaIngestion(), second)] as const;
    expect(pair.map((each) => rivalAmong(each, pair)?.metadata.name)).toEqual([undefined, 'first']);
  });

  it('the one that has it in Druid comes first, whatever their age', () => {
    const older = anIngestion(kafkaIngestion(), first);
    const holder = anIngestion(kafkaIngestion(), second, { id: 'clicks', lastGoodSpecHash: 'x' });
    expect([older, holder].map((each) => rivalAmong(each, [older, holder])?.metadata.name)).toEqual([
      'second',
      undefined,
    ]);
  });

  it('of equal age exactly one comes first', () => {
    const pair = [
      anIngestion(kafkaIngestion(), first),
      anIngestion(kafkaIngestion(), { ...first, name: 'b', uid: '0' }),
    ] as const;
    expect(pair.map((each) => rivalAmong(each, pair) === undefined)).toEqual([false, true]);
  });
});
