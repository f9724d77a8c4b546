import { type KubeObject, Pod } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { instanceLabel } from '../pods/watched-pods.ts';
import { type AdminSight, adminSightOf } from './admin-sight.ts';

/** The cluster of a namespace, or why there is none to work with. */
export type ClusterSight =
  | { readonly kind: 'Found'; readonly cluster: PrismCluster; readonly admin: AdminSight }
  | {
      readonly kind: 'Absent';
      readonly reason: 'ClusterNotFound' | 'ClusterGoing' | 'ClusterInvalid';
      readonly message: string;
    };

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly sight: ClusterSight;
  /** The patterns that are resources of their own and belong to the cluster, by name; those made for a namespace among them. */
  readonly patternResources: ReadonlySet<string>;
  /** Other PrismNamespaces and PrismClusters of the same Kubernetes namespace, as `PrismNamespace sales`, sorted. */
  readonly neighbours: readonly string[];
}

type Cache = Pick<CacheReader<PrismNamespace>, 'get' | 'list'>;

/** Every read of one pass; all of them from memory. */
export function observe({ metadata, spec }: PrismNamespace, cache: Cache): Observed {
  const { namespace, name } = metadata;
  const patterns = cache
    .list(PrismPattern, { namespace })
    .filter((each) => each.metadata.deletionTimestamp === undefined)
    .filter((each) => each.spec?.cluster === undefined || each.spec.cluster === spec.cluster);
  return {
    sight: clusterSight(spec.cluster, namespace, cache),
    patternResources: new Set(patterns.map((each) => each.metadata.name)),
    neighbours: [
      ...namesBeside(name, cache.list(PrismNamespace, { namespace })).map((each) => `PrismNamespace ${each}`),
      ...namesBeside(spec.cluster, cache.list(PrismCluster, { namespace })).map((each) => `PrismCluster ${each}`),
    ].sort(),
  };
}

/** One that is on its way out is nobody's neighbour any more. */
function namesBeside(name: string, all: readonly KubeObject[]): readonly string[] {
  return all
    .filter(({ metadata }) => metadata.name !== name && metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}

function clusterSight(name: string, namespace: string | undefined, cache: Cache): ClusterSight {
  const found = cache.get(PrismCluster, { namespace, name });
  if (found === undefined) {
    const message = `there is no PrismCluster ${name} in this Kubernetes namespace: make it`;
    return { kind: 'Absent', reason: 'ClusterNotFound', message };
  }
  if (found.metadata.deletionTimestamp !== undefined)
    return { kind: 'Absent', reason: 'ClusterGoing', message: `PrismCluster ${name} is being deleted` };
  const cluster = clusterWithDefaults(found);
  if (cluster === undefined) {
    const message = `the spec of PrismCluster ${name} is not valid: see its condition Accepted`;
    return { kind: 'Absent', reason: 'ClusterInvalid', message };
  }
  const pods = cache.list(Pod, { namespace }).filter(({ metadata }) => metadata.labels?.[instanceLabel] === name);
  return { kind: 'Found', cluster, admin: adminSightOf(cluster, pods) };
}

/** By what is cached of a cluster, which is the same object while it does not change. */
const read = new WeakMap<PrismCluster, PrismCluster | 'Invalid'>();

/** A CRD that was replaced by hand may have lost the defaults, and rules. */
function clusterWithDefaults(found: PrismCluster): PrismCluster | undefined {
  const known = read.get(found) ?? withDefaults(found);
  read.set(found, known);
  return known === 'Invalid' ? undefined : known;
}

function withDefaults(found: PrismCluster): PrismCluster | 'Invalid' {
  const cluster = PrismCluster.withDefaults(found);
  if (specMustBeValid(cluster) !== undefined) return 'Invalid';
  return { ...cluster, ...(found.status !== undefined && { status: found.status }) };
}
