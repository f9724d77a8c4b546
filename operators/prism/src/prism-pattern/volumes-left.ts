import { Deployment, type KubeObject, StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { patternGenerationAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { liveOf } from '../judge/judged-by.ts';
import { namespaceOf, patternName } from '../names.ts';

/** Where workloads are looked up; in the cache of clusters or in that of patterns. */
export type WorkloadCache = Pick<CacheReader, 'get'>;

/** The cluster in which volumes of a pattern would be deleted with its workload, were it to become part of another one. */
export function volumesLeft(
  { metadata: { name } }: PrismPattern,
  others: readonly PrismCluster[],
  cache: WorkloadCache,
): PrismCluster | undefined {
  return others.find((cluster) => {
    const { patterns, deletionPolicy } = cluster.spec;
    if (deletionPolicy !== 'Delete' || patterns.some((each) => each.name === name)) return false;
    return [Deployment, StatefulSet].some(({ kind }) => {
      const metadata = { name: patternName(cluster, name), namespace: namespaceOf(cluster) };
      const live = liveOf({ apiVersion: 'apps/v1', kind, metadata }, cluster, cache);
      return live !== undefined && isOfResource(live) && hasVolumes(live);
    });
  });
}

function isOfResource({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[patternGenerationAnnotation] !== undefined;
}

function hasVolumes(live: KubeObject): boolean {
  if (isStatefulSet(live)) return (live.spec?.volumeClaimTemplates ?? []).length > 0;
  const { volumes = [] } = (isDeployment(live) && live.spec?.template.spec) || {};
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
}

function isStatefulSet(object: KubeObject): object is StatefulSet {
  return object.kind === StatefulSet.kind;
}

function isDeployment(object: KubeObject): object is Deployment {
  return object.kind === Deployment.kind;
}
