import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { configMustNotBeDeep } from './config-must-not-be-deep.ts';

type Config = NonNullable<PrismPattern['config']>;

/** `{a: {a: ...}}` or `[[...]]`, of that many levels. */
function nested(levels: number, wrap: (inner: Config[string]) => Config[string]): Config {
  let value: Config[string] = 'end';
  for (let level = 1; level < levels; level += 1) value = wrap(value);
  return { a: value };
}

function withConfig(config: Config): PrismCluster {
  const cluster = aCluster({
    spec: { patterns: [{ name: 'keyvalue' }, { name: 'consumer', config: { topic: 'x' } }] },
  });
  const [first, ...others] = cluster.spec.patterns;
  const patterns = first === undefined ? [] : [{ ...first, config }, ...others];
  return { ...cluster, spec: { ...cluster.spec, patterns } };
}

describe('the configuration of a pattern', () => {
  const wraps = [
    ['objects', (inner: Config[string]): Config[string] => ({ a: inner })],
    ['lists', (inner: Config[string]): Config[string] => [inner]],
  ] as const;

  it.each(wraps)('may have 32 levels of %s', (_what, wrap) => {
    const cluster = withConfig(nested(32, wrap));
    expect(configMustNotBeDeep(cluster)).toEqual({ cluster, refusal: undefined });
  });

  it.each(wraps)('of more levels of %s is refused by name and walked through by nobody', (_what, wrap) => {
    for (const levels of [33, 100_000]) {
      const { cluster, refusal } = configMustNotBeDeep(withConfig(nested(levels, wrap)));
      expect(refusal).toEqual({
        reason: 'SpecInvalid',
        message:
          'spec.patterns[keyvalue].config: must not have more than 32 levels of objects and lists: make it flatter',
      });
      expect(cluster.spec.patterns.map(({ config }) => config)).toEqual([undefined, { topic: 'x' }]);
    }
  });

  it('of a spec that is not even of the right shape is left to others', () => {
    for (const patterns of [undefined, 'none', [null, { name: 'a' }]]) {
      const cluster = { ...aCluster(), spec: { patterns } } as unknown as PrismCluster; // a CRD without its schema lets it through
      expect(configMustNotBeDeep(cluster).refusal).toBeUndefined();
    }
  });
});
