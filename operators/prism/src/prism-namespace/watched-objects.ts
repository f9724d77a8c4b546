import type { ObjectRef, Pod } from '@capstan/kube';
import type { ResourceReader } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { prismNamespaceLabel } from '../labels.ts';
import { componentLabel, instanceLabel, prismPodSelector } from '../pods/watched-pods.ts';

type Namespaces = ResourceReader<PrismNamespace>;

/** The index of namespaces by the cluster that they name. */
export const clusterIndex = 'cluster';

/** Under which a namespace is in {@link clusterIndex}. */
export function clusterKeysOf({ metadata: { namespace }, spec }: PrismNamespace): readonly string[] {
  // A spec that is not even of the right shape is judged later on.
  return spec?.cluster === undefined ? [] : [keyOf({ namespace, name: spec.cluster })];
}

/** The namespaces of a cluster, and those beside it that limit the Kubernetes namespace. */
export function namespacesOfCluster(cluster: PrismCluster, namespaces: Namespaces): readonly ObjectRef[] {
  const own = namespaces.byIndex(clusterIndex, keyOf(cluster.metadata)).map((each) => each.metadata);
  return [...own, ...limitedBeside(cluster, namespaces)];
}

/** What namespaces need of a cluster, besides what the cache holds in any case: that its components come and go is nothing to them. */
export function leanCluster({ apiVersion, kind, metadata, spec, status }: PrismCluster): PrismCluster {
  const { adminEpoch, bootstrappedAdminReplicas } = status ?? {};
  return {
    ...{ apiVersion, kind, metadata: { name: metadata.name }, spec },
    status: {
      ...(adminEpoch !== undefined && { adminEpoch }),
      ...(bootstrappedAdminReplicas !== undefined && { bootstrappedAdminReplicas }),
    },
  };
}

/** Finds the pods of prism-admin; the API server sends no others. */
export const adminPodSelector = `${prismPodSelector},${componentLabel}=${adminComponent}`;

/** The namespaces of the cluster that a pod of prism-admin belongs to. */
export function namespacesOfAdminPod({ metadata }: Pod, namespaces: Namespaces): readonly ObjectRef[] {
  const name = metadata.labels?.[instanceLabel];
  if (name === undefined) return [];
  const key = keyOf({ namespace: metadata.namespace, name });
  return namespaces.byIndex(clusterIndex, key).map((each) => each.metadata);
}

/** What is kept of a pod of prism-admin: whether it is ready, and how often it was started. */
export function leanAdminPod({ apiVersion, kind, metadata, status }: Pod): Pod {
  const ready = (status?.conditions ?? []).filter(({ type }) => type === 'Ready');
  const containers = (status?.containerStatuses ?? []).map(({ name: container, restartCount }) => ({
    ...{ name: container, restartCount, ready: false, image: '', imageID: '' }, // only the count is looked at
  }));
  return {
    ...{ apiVersion, kind },
    metadata: { name: metadata.name, labels: { [instanceLabel]: metadata.labels?.[instanceLabel] ?? '' } },
    status: {
      conditions: ready.map(({ type, status: isSo }) => ({ type, status: isSo })),
      containerStatuses: containers,
    },
  };
}

/** The index of namespaces by the patterns that they name. */
export const patternIndex = 'pattern';

/** Under which a namespace is in {@link patternIndex}. */
export function patternKeysOf({ metadata: { namespace }, spec }: PrismNamespace): readonly string[] {
  return (spec?.patterns ?? []).map((name) => keyOf({ namespace, name }));
}

/** The namespaces that a pattern concerns: those that name it, and the one that it was made for. */
export function namespacesOfPattern({ metadata }: PrismPattern, namespaces: Namespaces): readonly ObjectRef[] {
  const named = namespaces.byIndex(patternIndex, keyOf(metadata)).map((each) => each.metadata);
  const maker = metadata.labels?.[prismNamespaceLabel];
  return maker === undefined ? named : [...named, { namespace: metadata.namespace, name: maker }];
}

/** What namespaces need of a pattern: that it is there, whose it is, and whether it runs. */
export function leanPattern({ apiVersion, kind, metadata, spec, status }: PrismPattern): PrismPattern {
  const { name, labels, generation } = metadata;
  const maker = labels?.[prismNamespaceLabel];
  const conditions = (status?.conditions ?? []).filter(({ type }) => type === 'Ready' || type === 'Stalled');
  return {
    ...{ apiVersion, kind, spec },
    metadata: {
      name,
      ...(generation !== undefined && { generation }),
      ...(maker !== undefined && { labels: { [prismNamespaceLabel]: maker } }),
    },
    // Whether others run, whoever asks is told by themselves.
    ...(maker !== undefined && { status: { conditions } }),
  };
}

/** The index of namespaces that limit their Kubernetes namespace, by that. */
export const limitedIndex = 'limited';

/** Under which a namespace is in {@link limitedIndex}. */
export function limitedKeysOf({ metadata, spec }: PrismNamespace): readonly string[] {
  return spec?.quota?.resources === undefined ? [] : [limitedKeyOf(metadata)];
}

/** What those are found by that limit the Kubernetes namespace of an object. */
export function limitedKeyOf({ namespace = '' }: Pick<ObjectRef, 'namespace'>): string {
  return namespace;
}

/** The namespaces that limit the Kubernetes namespace of a cluster: whether they may depends on who else is there. */
function limitedBeside({ metadata }: PrismCluster, namespaces: Namespaces): readonly ObjectRef[] {
  return namespaces.byIndex(limitedIndex, limitedKeyOf(metadata)).map((each) => each.metadata);
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}
