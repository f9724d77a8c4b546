import { Deployment, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import { type CacheReader, conditionOf, rolloutOf } from '@capstan/runtime';
import { patternGenerationAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { deploymentClaimName } from '../children/pattern-pod.ts';
import { isOwnedBy } from '../components.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { namespaceOf, patternName, runnerName } from '../names.ts';
import { componentLabel } from '../pods/watched-pods.ts';
import { closedTo } from './as-cluster-pattern.ts';
import { type Neighbourhood, neighbourhood, verdictIn, verdictsIn } from './verdicts.ts';

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list' | 'isServed'>;

/**
 * The cluster with the patterns that belong to it and are resources of their own, as if they stood in its spec: all that is done for
 * a pattern there is done for them.
 *
 * One that is refused is not among them, so that it can do no harm; what runs of it is held as it is. So is what runs of all of them
 * while their kind is not served: nobody knows then which there are. Of a cluster whose own spec cannot be read nothing is changed.
 */
export function withPatternResources(cluster: PrismCluster, cache: Cache): PrismCluster {
  if (specMustBeValid(cluster) !== undefined) return cluster;
  const added = cache.isServed(PrismPattern) ? known(cluster, cache) : unknown(cluster, cache);
  return { ...cluster, spec: { ...cluster.spec, patterns: [...cluster.spec.patterns, ...added] } };
}

function known(cluster: PrismCluster, cache: Cache): readonly AnyPattern[] {
  const around = neighbourhood(namespaceOf(cluster), cache);
  const verdicts = verdictsIn(cluster, around);
  const accepted = verdicts.flatMap((verdict) => (verdict.kind === 'Accepted' ? [verdict.pattern] : []));
  const taken = new Set([...cluster.spec.patterns, ...accepted].map(({ name }) => name));
  const held = around.patterns
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !taken.has(metadata.name))
    .filter((pattern) => !hasMoved(pattern, cluster, around) || hasOwnedClaim(pattern, cluster, cache))
    .flatMap((pattern) => heldPattern(pattern, cluster, cache));
  return [...accepted, ...held];
}

/** One that names another cluster has moved when that one takes it in: a name that is mistyped takes nothing away. */
function hasMoved(pattern: PrismPattern, cluster: PrismCluster, around: Neighbourhood): boolean {
  const named = pattern.spec?.cluster;
  if (named === undefined || named === cluster.metadata.name) return false;
  const other = around.clusters.find(({ metadata }) => metadata.name === named);
  if (other === undefined || other.metadata.deletionTimestamp !== undefined) return false;
  if (specMustBeValid(other) !== undefined) return false;
  if (conditionOf(other.status?.conditions, 'Accepted')?.status === 'False') return false;
  return verdictIn(pattern, other, around).kind === 'Accepted';
}

/** A claim of a Deployment that would go with it. Once it is to stay, it has no owner any more. */
function hasOwnedClaim(pattern: PrismPattern, cluster: PrismCluster, cache: Cache): boolean {
  const ref = { namespace: namespaceOf(cluster), name: deploymentClaimName(cluster, pattern.metadata) };
  const claim = cache.get(PersistentVolumeClaim, ref);
  return claim?.metadata.ownerReferences?.some(({ uid }) => uid === cluster.metadata.uid) === true;
}

/** What is there of a pattern that cannot be carried out, if anything is. */
function heldPattern(resource: PrismPattern, cluster: PrismCluster, cache: Cache): readonly AnyPattern[] {
  const { name } = resource.metadata;
  const ref = { namespace: namespaceOf(cluster), name: patternName(cluster, name) };
  const live = [cache.get(Deployment, ref), cache.get(StatefulSet, ref)].find(
    (each) => each !== undefined && isOwnedBy(each, cluster),
  );
  return live === undefined ? [] : heldAs(name, live).map((held) => ({ ...held, ...closedTo(resource) }));
}

/** What is there of all patterns that are resources, whichever there are. */
function unknown(cluster: PrismCluster, cache: Cache): readonly AnyPattern[] {
  const namespace = namespaceOf(cluster);
  const taken = new Set(cluster.spec.patterns.map(({ name }) => runnerName(name)));
  return [...cache.list(Deployment, { namespace }), ...cache.list(StatefulSet, { namespace })].flatMap((live) => {
    const { annotations, labels } = live.metadata;
    const component = labels?.[componentLabel] ?? '';
    if (annotations?.[patternGenerationAnnotation] === undefined || taken.has(component)) return [];
    if (!isOwnedBy(live, cluster) || !component.endsWith(runnerName(''))) return [];
    taken.add(component); // of one whose type was being changed there may be both
    return heldAs(component.slice(0, -runnerName('').length), live);
  });
}

function heldAs(name: string, live: Deployment | StatefulSet): readonly AnyPattern[] {
  const rollout = rolloutOf(live);
  if (rollout.state === 'Absent') return [];
  const type = live.kind === 'StatefulSet' ? 'StatefulSet' : 'Deployment';
  return [{ ...{ name, type, backends: [], resources: {} }, replicas: rollout.wanted, isHeld: true }];
}
