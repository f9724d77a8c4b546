import type { CacheReader } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { runnerName } from '../names.ts';
import { adoptionSightOf, isKept } from './sight.ts';

/** The cluster with those of its patterns marked whose pods were made by somebody else and are kept as they are. */
export function withKeptPatterns(
  cluster: PrismCluster,
  cache: Pick<CacheReader<PrismCluster>, 'get' | 'list'>,
): PrismCluster {
  if (specMustBeValid(cluster) !== undefined || cluster.spec.adoption === undefined) return cluster;
  const sight = adoptionSightOf(cluster, cluster.spec.admin.replicas, cache);
  const patterns = cluster.spec.patterns.map((pattern) =>
    isKept(sight, runnerName(pattern.name)) ? { ...pattern, isKept: true } : pattern,
  );
  return { ...cluster, spec: { ...cluster.spec, patterns } };
}
