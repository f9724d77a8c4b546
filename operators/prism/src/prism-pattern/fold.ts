import { Deployment, StatefulSet } from '@capstan/kube';
import { type CacheReader, rolloutOf, type StepObject } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { isOwnedBy } from '../components.ts';
import { liveOf } from '../judge/judged-by.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { namespaceOf, patternName } from '../names.ts';
import { patternsOf } from './cluster-of.ts';
import { type Verdict, verdictOn } from './verdict.ts';

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list'>;

/**
 * The cluster with the patterns that belong to it and are resources of their own, as if they stood in its spec: all that is done for
 * a pattern there is done for them.
 *
 * One that is refused is not among them, so that it can do no harm; what runs of it is held as it is. Of a cluster whose own spec
 * cannot be read nothing is changed.
 */
export function withPatternResources(cluster: PrismCluster, cache: Cache): PrismCluster {
  if (specMustBeValid(cluster) !== undefined) return cluster;
  const namespace = namespaceOf(cluster);
  const all = cache.list(PrismPattern, { namespace });
  if (all.length === 0) return cluster;
  const ours = patternsOf(cluster, all, cache.list(PrismCluster, { namespace }));
  const verdicts = ours.map((pattern, place) => ({ pattern, verdict: verdictIn(cluster, pattern, place, cache) }));
  const accepted = verdicts.flatMap(({ verdict }) => (verdict.kind === 'Accepted' ? [verdict.pattern] : []));
  const taken = new Set([...cluster.spec.patterns, ...accepted].map(({ name }) => name));
  const held = all
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !taken.has(metadata.name))
    .filter((pattern) => !belongsElsewhere(pattern, cluster))
    .flatMap((pattern) => heldPattern(pattern, cluster, cache));
  return { ...cluster, spec: { ...cluster.spec, patterns: [...cluster.spec.patterns, ...accepted, ...held] } };
}

function verdictIn(cluster: PrismCluster, pattern: PrismPattern, place: number, cache: Cache): Verdict {
  return verdictOn(pattern, cluster, { place, live: (wanted: StepObject) => liveOf(wanted, cluster, cache) });
}

/** One that names another cluster has moved there; one that names none may still be ours. */
function belongsElsewhere({ spec }: PrismPattern, { metadata }: PrismCluster): boolean {
  return spec?.cluster !== undefined && spec.cluster !== metadata.name;
}

/** What is there of a pattern that cannot be carried out, if anything is. */
function heldPattern({ metadata: { name } }: PrismPattern, cluster: PrismCluster, cache: Cache): readonly AnyPattern[] {
  const ref = { namespace: namespaceOf(cluster), name: patternName(cluster, name) };
  const live = [cache.get(Deployment, ref), cache.get(StatefulSet, ref)].find(
    (each) => each !== undefined && isOwnedBy(each, cluster),
  );
  const rollout = rolloutOf(live);
  if (live === undefined || rollout.state === 'Absent') return [];
  const type = live.kind === 'StatefulSet' ? 'StatefulSet' : 'Deployment';
  return [{ ...{ name, type, backends: [], resources: {} }, replicas: rollout.wanted, isHeld: true }];
}
