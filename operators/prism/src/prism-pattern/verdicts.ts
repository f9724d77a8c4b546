import type { CacheReader } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { configMustNotBeDeep } from '../judge/config-must-not-be-deep.ts';
import { liveOf } from '../judge/judged-by.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { patternsOf } from './cluster-of.ts';
import { hasPlace, refusal, type Verdict, verdictOn } from './verdict.ts';
import { volumesLeft, type WorkloadCache } from './volumes-left.ts';

/** The patterns and clusters of one namespace. */
export interface Neighbourhood {
  readonly patterns: readonly PrismPattern[];
  /** As their own controller reads them. */
  readonly clusters: readonly PrismCluster[];
  readonly cache: WorkloadCache;
}

/** What there is in a namespace now. */
export function neighbourhood(namespace: string | undefined, cache: Pick<CacheReader, 'get' | 'list'>): Neighbourhood {
  return {
    patterns: cache.list(PrismPattern, { namespace }),
    clusters: cache.list(PrismCluster, { namespace }).map(readable),
    cache,
  };
}

function readable(resource: PrismCluster): PrismCluster {
  return PrismCluster.withDefaults(configMustNotBeDeep(resource).cluster);
}

/**
 * The verdicts on all patterns that belong to a cluster, oldest first. One that is refused takes up no place, so that the cluster has
 * as many as it can have.
 */
export function verdictsIn(cluster: PrismCluster, around: Neighbourhood): readonly Verdict[] {
  return inOrder(cluster, patternsOf(cluster, around.patterns, around.clusters), around);
}

/** The verdict that `verdictsIn` has on one pattern; others are judged only where it depends on them. */
export function verdictIn(pattern: PrismPattern, cluster: PrismCluster, around: Neighbourhood): Verdict {
  const ours = patternsOf(cluster, around.patterns, around.clusters);
  const place = ours.findIndex(({ metadata }) => metadata.name === pattern.metadata.name);
  const older = ours.slice(0, Math.max(0, place));
  if (hasPlace(cluster, older.length)) return verdictAt(older.length, pattern, cluster, around);
  const accepted = inOrder(cluster, older, around).filter(({ kind }) => kind === 'Accepted');
  return verdictAt(accepted.length, pattern, cluster, around);
}

function inOrder(cluster: PrismCluster, ours: readonly PrismPattern[], around: Neighbourhood): readonly Verdict[] {
  let accepted = 0;
  return ours.map((pattern) => {
    const verdict = verdictAt(accepted, pattern, cluster, around);
    if (verdict.kind === 'Accepted') accepted += 1;
    return verdict;
  });
}

function verdictAt(place: number, pattern: PrismPattern, cluster: PrismCluster, around: Neighbourhood): Verdict {
  const { clusters, cache } = around;
  const verdict = verdictOn(pattern, cluster, { place, live: (wanted) => liveOf(wanted, cluster, cache) });
  if (verdict.kind === 'Refused') return verdict;
  const others = clusters.filter(
    (each) => each.metadata.name !== cluster.metadata.name && specMustBeValid(each) === undefined,
  );
  const former = volumesLeft(pattern, others, cache)?.metadata.name;
  if (former === undefined) return verdict;
  return refusal(
    'SpecInvalid',
    `spec.cluster: it still runs in PrismCluster ${former}, where with deletionPolicy Delete its volumes, and the data on them, would be deleted. Name ${former} again; or do that, set deletionPolicy there to Retain, by which they stay, and move it once the cluster is Ready`,
  );
}
