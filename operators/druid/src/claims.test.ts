import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec } from './a-stage.fixture.ts';
import { claimsOf, collisionsOf } from './claims.ts';

const first = { name: 'first', uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
const second = { name: 'second', uid: '2', creationTimestamp: '2026-01-01T00:00:01Z' };

function rivalAmong(resource: ReturnType<typeof anIngestion>, all: readonly ReturnType<typeof anIngestion>[]) {
  const byIndex = (_name: string, value: string) => all.filter((each) => claimsOf(each).includes(value));
  return collisionsOf(resource, { byIndex }).values().next().value;
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

  it('is each lookup and each field of dynamic configuration, those that are still to be taken out too', () => {
    const lookups = [{ name: 'a', lookupExtractorFactory: {} }];
    const dynamicConfig = { coordinator: { maxSegmentsToMove: 1 }, overlord: { autoScaler: null } };
    const status = {
      lookups: [{ tier: 'hot', name: 'b' }],
      dynamicConfig: {
        coordinator: [
          { field: 'maxSegmentsToMove', setHash: '' },
          { field: 'older', setHash: '' },
        ],
      },
    };
    expect(claimsOf(anIngestion(kafkaIngestion({ lookups, dynamicConfig }), {}, status))).toEqual([
      'shop/tiny supervisor clicks',
      'shop/tiny lookup __default/a',
      'shop/tiny coordinator configuration maxSegmentsToMove',
      'shop/tiny overlord configuration autoScaler',
      'shop/tiny lookup hot/b',
      'shop/tiny coordinator configuration older',
    ]);
  });

  it.each([
    [{ lookups: 'x', dynamicConfig: [] }],
    [{ lookups: [null, 1, { name: 1 }], dynamicConfig: { coordinator: 'x', overlord: [1] } }],
  ])('is as much as can be made out of a resource that is not of the right shape: %o', (broken) => {
    const { metadata, ...made } = anIngestion(kafkaIngestion());
    const stored = { ...made, metadata, spec: { ...made.spec, ...broken }, status: broken };
    // A CRD without its rules lets anything through.
    const claims = claimsOf(stored as unknown as ReturnType<typeof anIngestion>);
    expect(claims).toEqual(['shop/tiny supervisor clicks']);
  });

  it('is told by the address where there is one', () => {
    const endpoint = { url: 'https://druid.example' };
    expect(claimsOf(anIngestion(kafkaIngestion({ endpoint })))).toEqual([
      'https://druid.example:443 supervisor clicks',
    ]);
  });

  it.each(['https://DRUID.example:443/', 'https://druid.example.'])('is the same under %s', (url) => {
    expect(claimsOf(anIngestion(kafkaIngestion({ endpoint: { url } })))).toEqual([
      'https://druid.example:443 supervisor clicks',
    ]);
  });

  it('is none for a spec that nobody could work with, which takes no time', () => {
    const text = `{"type":"kafka","spec":{"dataSchema":{"dataSource":"x"},"a":${'['.repeat(2_000)}${'1,'.repeat(300_000)}1${']'.repeat(2_000)}}}`;
    const stored = anIngestion({ druidCluster: 'tiny', ingestion: { type: 'kafka', spec: text } });
    expect(claimsOf(stored)).toEqual([]);
  });

  it('is the supervisor that the first Druid operator had, but no task of its', () => {
    const noted = (type: string) => ({ taskId: 'before', 'currentIngestionSpec.json': JSON.stringify({ type }) });
    expect(claimsOf(anIngestion(kafkaIngestion(), {}, noted('kafka')))).toContain('shop/tiny supervisor before');
    expect(claimsOf(anIngestion(kafkaIngestion(), {}, noted('index_parallel')))).toEqual([
      'shop/tiny supervisor clicks',
    ]);
  });

  it('is no supervisor for a task', () => {
    const ingestion = { type: 'sql', spec: 'INSERT INTO clicks SELECT 1' };
    expect(claimsOf(anIngestion({ druidCluster: 'tiny', ingestion }, {}, { id: 'query-1' }))).toEqual([]);
  });
});

describe('of two resources with one supervisor', () => {
  it('the older one comes first', () => {
    const pair = [anIngestion(kafkaIngestion(), first), anIngestion(kafkaIngestion(), second)] as const;
    expect(pair.map((each) => rivalAmong(each, pair)?.name)).toEqual([undefined, 'first']);
  });

  it('the one that has it in Druid comes first, whatever their age', () => {
    const older = anIngestion(kafkaIngestion(), first);
    const holder = anIngestion(kafkaIngestion(), second, { id: 'clicks', lastGoodSpecHash: 'x' });
    expect([older, holder].map((each) => rivalAmong(each, [older, holder])?.name)).toEqual(['second', undefined]);
  });

  it('the one that had it from the first Druid operator comes first; of two that had, neither', () => {
    const older = anIngestion(kafkaIngestion(), first);
    const heir = anIngestion(kafkaIngestion(), second, { taskId: 'clicks' });
    const twin = anIngestion(kafkaIngestion(), { ...second, name: 'twin', uid: '3' }, { taskId: 'clicks' });
    expect([older, heir].map((each) => rivalAmong(each, [older, heir])?.name)).toEqual(['second', undefined]);
    const twins = [heir, twin];
    expect(twins.map((each) => rivalAmong(each, twins))).toMatchObject([
      { name: 'twin', isEven: true },
      { name: 'second', isEven: true },
    ]);
    const taken = anIngestion(kafkaIngestion(), second, { id: 'clicks', taskId: 'clicks', lastGoodSpecHash: 'x' });
    expect([taken, twin].map((each) => rivalAmong(each, [taken, twin])?.name)).toEqual([undefined, 'second']);
  });

  it('of equal age exactly one comes first', () => {
    const pair = [
      anIngestion(kafkaIngestion(), first),
      anIngestion(kafkaIngestion(), { ...first, name: 'b', uid: '0' }),
    ] as const;
    expect(pair.map((each) => rivalAmong(each, pair) === undefined)).toEqual([false, true]);
  });
});
