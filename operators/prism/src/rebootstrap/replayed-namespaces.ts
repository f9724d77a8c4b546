import type { Condition, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import { type CacheReader, conditionOf } from '@capstan/runtime';
import { pausedAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { namespaceOf } from '../names.ts';
import { hasControlPlane } from '../profiles/profiles.ts';
import type { AdminStanding } from './admin-standing.ts';

/** The little that a cluster needs to know of a namespace of Prism that somebody has described. */
export interface DescribedNamespace extends KubeObject {
  readonly spec?: { readonly cluster?: string };
  readonly status?: { readonly admin?: { readonly epoch?: number }; readonly conditions?: readonly Condition[] };
}

/** PrismNamespaces, as far as a cluster looks at them. */
export const DescribedNamespace: ResourceType<DescribedNamespace> = PrismNamespace;

/** The namespaces of one cluster that are created anew when prism-admin is empty. */
export interface ReplayedNamespaces {
  /** Sorted. */
  readonly names: readonly string[];
  /** Those of them that prism-admin, as it is since its last bootstrap, does not have yet and is going to have. */
  readonly missing: readonly string[];
}

/**
 * What PrismNamespaces of a cluster say of themselves. Not waited for is one that is being deleted, that came after the present
 * step began, or that nothing is done about before a person acts; and none where prism-admin cannot be told of any.
 */
export function replayedNamespaces(
  cluster: PrismCluster,
  { bootstrapped, adminEpoch, rebootstrap }: AdminStanding,
  cache: Pick<CacheReader<PrismCluster>, 'list'>,
): ReplayedNamespaces {
  const own = cache
    .list(DescribedNamespace, { namespace: namespaceOf(cluster) })
    .filter(({ metadata, spec }) => spec?.cluster === cluster.metadata.name && metadata.deletionTimestamp === undefined)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const isAwaited = (each: DescribedNamespace) => isComing(each) && !isAfter(each, rebootstrap?.since);
  const missing = hasControlPlane(cluster, bootstrapped)
    ? own.filter((each) => each.status?.admin?.epoch !== adminEpoch && isAwaited(each))
    : [];
  return { names: own.map(nameOf), missing: missing.map(nameOf) };
}

function isComing({ metadata: { annotations }, status }: DescribedNamespace): boolean {
  return annotations?.[pausedAnnotation] !== 'true' && conditionOf(status?.conditions, 'Stalled')?.status !== 'True';
}

function isAfter({ metadata: { creationTimestamp } }: KubeObject, since: string | undefined): boolean {
  return since !== undefined && creationTimestamp !== undefined && Date.parse(creationTimestamp) > Date.parse(since);
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
  const { name, namespace, creationTimestamp, deletionTimestamp, annotations } = metadata;
  const paused = annotations?.[pausedAnnotation];
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
      ...(paused !== undefined && { annotations: { [pausedAnnotation]: paused } }),
    },
    ...(spec?.cluster !== undefined && { spec: { cluster: spec.cluster } }),
    ...leanStatus(status),
  };
}

function leanStatus({ admin, conditions }: NonNullable<DescribedNamespace['status']> = {}) {
  const epoch = admin?.epoch;
  const stalled = conditionOf(conditions, 'Stalled');
  if (epoch === undefined && stalled === undefined) return {};
  return {
    status: {
      ...(epoch !== undefined && { admin: { epoch } }),
      ...(stalled !== undefined && { conditions: [stalled] }),
    },
  };
}
