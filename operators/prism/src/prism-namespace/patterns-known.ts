import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { Worked } from './findings.ts';

/** The patterns that a namespace names, by where they come from. */
export interface NamedPatterns {
  /** In the spec of the cluster. */
  readonly ofCluster: readonly string[];
  /** PrismPatterns of the cluster. */
  readonly ofResources: readonly string[];
  readonly unknown: readonly string[];
}

/** Looks the patterns of a namespace up. */
export function namedPatterns(
  { spec }: PrismNamespace,
  { observed, sight }: Pick<Worked, 'observed' | 'sight'>,
): NamedPatterns {
  const inSpec = new Set(sight.cluster.spec.patterns.map(({ name }) => name));
  const ofCluster = spec.patterns.filter((name) => inSpec.has(name));
  const others = spec.patterns.filter((name) => !inSpec.has(name));
  return {
    ofCluster,
    ofResources: others.filter((name) => observed.patternResources.has(name)),
    unknown: others.filter((name) => !observed.patternResources.has(name)),
  };
}
