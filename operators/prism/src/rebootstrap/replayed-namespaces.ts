import type { KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { namespaceOf } from '../names.ts';

/** The little that a cluster needs to know of a namespace of Prism that somebody has described. */
export interface DescribedNamespace extends KubeObject {
  readonly spec?: { readonly cluster?: string };
  readonly status?: { readonly admin?: { readonly epoch?: number } };
}

/** PrismNamespaces, as far as a cluster looks at them. */
export const DescribedNamespace: ResourceType<DescribedNamespace> = PrismNamespace;

/** The namespaces of one cluster that are created anew when prism-admin is empty. */
export interface ReplayedNamespaces {
  /** Sorted. */
  readonly names: readonly string[];
  /** Those of them that prism-admin, as it is since its last bootstrap, does not have yet. */
  readonly missing: readonly string[];
}

/** What PrismNamespaces of a cluster say of themselves. One that is being deleted is not waited for. */
export function replayedNamespaces(
  cluster: PrismCluster,
  adminEpoch: number,
  cache: Pick<CacheReader<PrismCluster>, 'list'>,
): ReplayedNamespaces {
  const own = cache
    .list(DescribedNamespace, { namespace: namespaceOf(cluster) })
    .filter(({ metadata, spec }) => spec?.cluster === cluster.metadata.name && metadata.deletionTimestamp === undefined)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const missing = own.filter(({ status }) => status?.admin?.epoch !== adminEpoch);
  return { names: own.map(nameOf), missing: missing.map(nameOf) };
}

function nameOf({ metadata: { name } }: KubeObject): string {
  return name;
}

/** The cluster that a namespace is of. */
export function clusterOfNamespace({ metadata: { namespace }, spec }: DescribedNamespace): readonly ObjectRef[] {
  return spec?.cluster === undefined ? [] : [{ namespace, name: spec.cluster }];
}

/** What is kept of a namespace: what is read here, and nothing else. */
export function leanNamespace({ apiVersion, kind, metadata, spec, status }: DescribedNamespace): DescribedNamespace {
  const { name, namespace, deletionTimestamp } = metadata;
  const epoch = status?.admin?.epoch;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    ...(spec?.cluster !== undefined && { spec: { cluster: spec.cluster } }),
    ...(epoch !== undefined && { status: { admin: { epoch } } }),
  };
}
