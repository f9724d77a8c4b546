import { Pod, ResourceQuota } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { instanceLabel } from '../pods/watched-pods.ts';
import { type AdminSight, adminSightOf } from './admin-sight.ts';
import { dedicatedName } from './children/dedicated-patterns.ts';
import { namespaceChildName } from './namespace-labels.ts';
import { neighboursOf } from './neighbours.ts';

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
  /** By name: the patterns of the cluster that are resources of their own, of those that the namespace names or has had made. */
  readonly patternResources: ReadonlyMap<string, PrismPattern>;
  /** Other PrismNamespaces and PrismClusters of the same Kubernetes namespace, as `PrismNamespace sales`, sorted; looked for only where there are limits. */
  readonly neighbours: readonly string[];
  /** Whether the namespace has its ResourceQuota. */
  readonly hasQuota: boolean;
}

type Cache = Pick<CacheReader<PrismNamespace>, 'get' | 'list'>;

/** Every read of one pass; all of them from memory. */
export function observe(namespace: PrismNamespace, cache: Cache): Observed {
  const { metadata, spec } = namespace;
  const isLimited = spec.quota?.resources !== undefined;
  return {
    sight: clusterSight(spec.cluster, metadata.namespace, cache),
    patternResources: patternsFor(namespace, cache),
    neighbours: isLimited ? neighboursOf(namespace, cache) : [],
    hasQuota: isLimited && hasQuota(namespace, cache),
  };
}

function patternsFor(namespace: PrismNamespace, cache: Cache): ReadonlyMap<string, PrismPattern> {
  const { metadata, spec } = namespace;
  const names = spec.patterns.flatMap((name) => [name, dedicatedName(namespace, name)]);
  const found = names
    .flatMap((name) => cache.get(PrismPattern, { namespace: metadata.namespace, name }) ?? [])
    .filter((each) => each.metadata.deletionTimestamp === undefined)
    .filter((each) => each.spec?.cluster === undefined || each.spec.cluster === spec.cluster);
  return new Map(found.map((each) => [each.metadata.name, each] as const));
}

function hasQuota(namespace: PrismNamespace, cache: Cache): boolean {
  const { namespace: place, uid } = namespace.metadata;
  const found = cache.get(ResourceQuota, { namespace: place, name: namespaceChildName(namespace) });
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return false;
  return found.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
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
