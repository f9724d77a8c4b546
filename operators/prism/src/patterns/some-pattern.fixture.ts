import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';

export type PatternInput = NonNullable<SpecInput['patterns']>[number];

/** The cluster `orders` with one pattern, and that pattern. */
export function somePattern(pattern: PatternInput, spec: SpecInput = {}) {
  const cluster = aCluster({ spec: { ...spec, patterns: [pattern] } });
  const [only] = cluster.spec.patterns;
  if (only === undefined) throw new Error('the cluster has lost its pattern');
  return { cluster, pattern: only };
}
