import { Deployment, HorizontalPodAutoscaler, type KubeObject, type ResourceType, StatefulSet } from '@capstan/kube';
import { ScaledObject } from '@capstan/resources';
import type { CacheReader } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { isOwnedBy } from '../components.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { patternName } from '../names.ts';
import { type ClusterFinding, clusterOf } from './cluster-of.ts';
import { type OriginalObjects, originalObjects } from './former/original-objects.ts';
import type { PresentScalers } from './scaling/stage.ts';
import type { Verdict } from './verdict.ts';
import { neighbourhood, verdictIn } from './verdicts.ts';

type Cache = Pick<CacheReader<PrismPattern>, 'get' | 'list'>;

/** What one pass knows of the world besides the pattern itself. */
export interface ObservedPattern {
  readonly finding: ClusterFinding;
  /** Absent where the cluster is not known, or cannot be read. */
  readonly verdict?: Verdict;
  /** What runs the pattern; absent where nothing does. */
  readonly workload: Deployment | StatefulSet | undefined;
  readonly present: PresentScalers;
  readonly original: OriginalObjects;
}

/** Every read of one pass over a pattern; from the cache alone. */
export function observePattern(pattern: PrismPattern, cache: Cache): ObservedPattern {
  const { namespace } = pattern.metadata;
  const around = neighbourhood(namespace, cache);
  const finding = clusterOf(pattern, around.clusters);
  const original = originalObjects(pattern, cache);
  if (finding.kind === 'NotFound') return { finding, workload: undefined, present: noScalers, original };
  const { cluster } = finding;
  const workload = workloadIn(pattern, cluster, cache);
  const seen = { finding, workload, present: scalersOf(pattern, cluster, cache), original };
  if (specMustBeValid(cluster) !== undefined) return seen;
  return { ...seen, verdict: verdictIn(pattern, cluster, around) };
}

const noScalers: PresentScalers = { hpa: undefined, scaledObject: undefined };

/** Of the two kinds of workload the one that is wanted, or the one that there still is. */
function workloadIn({ metadata, spec }: PrismPattern, cluster: PrismCluster, cache: Cache) {
  const ref = { namespace: metadata.namespace, name: patternName(cluster, metadata.name) };
  const found = [cache.get(Deployment, ref), cache.get(StatefulSet, ref)].filter(
    (each) => each !== undefined && isOwnedBy(each, cluster),
  );
  return found.find((each) => each?.kind === spec?.workload) ?? found[0];
}

function scalersOf({ metadata }: PrismPattern, cluster: PrismCluster, cache: Cache): PresentScalers {
  const ref = { namespace: metadata.namespace, name: patternName(cluster, metadata.name) };
  const own = <O extends KubeObject>(type: ResourceType<O>): O | undefined => {
    const found = cache.get(type, ref);
    return found?.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true ? found : undefined;
  };
  return { hpa: own(HorizontalPodAutoscaler), scaledObject: own(ScaledObject) };
}
