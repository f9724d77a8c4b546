import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { Refusal } from './guard.ts';

/** Levels of objects and lists that the configuration of a pattern may have. */
export const deepestConfig = 32;

/** What is too deep would end every pass that walks through it, so it is looked at before anything else, and taken out. */
export interface Shallow {
  /** The cluster, without what is too deep. */
  readonly cluster: PrismCluster;
  /** Of a cluster of which something was taken out. */
  readonly refusal: Refusal | undefined;
}

/**
 * Refuses the free-form configuration of patterns with more than 32 levels, which the API server takes.
 * @param resource as it was read: nothing has walked through it yet, nor filled in its defaults
 */
export function configMustNotBeDeep(resource: PrismCluster): Shallow {
  // A CRD that was replaced by hand may let anything through.
  const patterns: unknown = resource.spec?.patterns;
  const deep = Array.isArray(patterns) ? (patterns as readonly PrismPattern[]).filter(isDeep) : [];
  if (deep.length === 0) return { cluster: resource, refusal: undefined };
  const fields = deep.map(({ name }) => `spec.patterns[${name}].config`).join(', ');
  return {
    cluster: {
      ...resource,
      spec: { ...resource.spec, patterns: resource.spec.patterns.map((each) => (isDeep(each) ? without(each) : each)) },
    },
    refusal: {
      reason: 'SpecInvalid',
      message: `${fields}: must not have more than ${deepestConfig} levels of objects and lists: make it flatter`,
    },
  };
}

function without({ config: _tooDeep, ...rest }: PrismPattern): PrismPattern {
  return rest;
}

/** Whether a configuration has more levels than may be walked through. */
export function isDeep(pattern: Pick<PrismPattern, 'config'> | null): boolean {
  let level = compositesIn([pattern?.config]);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepestConfig) return true;
    level = compositesIn(level.flatMap((each): readonly unknown[] => Object.values(each)));
  }
  return false;
}

function compositesIn(values: readonly unknown[]): readonly object[] {
  return values.filter((value) => typeof value === 'object' && value !== null);
}
