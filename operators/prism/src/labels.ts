import type { ChildMetadata, Labels } from '@capstan/resources';
import { adoptedWorkload } from './adoption/adopted-workload.ts';
import type { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { namespaceOf } from './names.ts';

/** Which part of a cluster an object belongs to. */
export type Part = 'backend' | 'admin' | 'proxy' | 'pattern' | 'edge' | 'observability';

/** The operator's mark on what it makes. */
export const managedBy = 'prism-operator';

/** The label that says which part of the cluster an object belongs to. */
export const partLabel = 'prism.io/part';

/** The label with the namespace of Prism that an object or a pod works for alone. */
export const prismNamespaceLabel = 'prism.io/prism-namespace';

/** The label of a PrismPattern with the namespace of Prism to whose pods, and to the proxies, its pods are open and to nobody else. */
export const closedToLabel = 'prism.io/closed-to';

/** Which part of a cluster one of Prism's own components is. */
export function partOf(component: string): Part {
  if (component === 'prism-admin') return 'admin';
  return component === 'prism-proxy' ? 'proxy' : 'pattern';
}

/** What all objects of one cluster have in common. */
export function clusterLabels({ metadata: { name } }: PrismCluster): Labels {
  return { 'app.kubernetes.io/name': 'prism', 'app.kubernetes.io/instance': name };
}

/**
 * What the objects of a component bear, and the pods that the operator makes for it.
 * @param component the requirement's name of it: redis, prism-admin, prism-proxy, keyvalue-runner
 */
export function componentLabels(cluster: PrismCluster, component: string): Labels {
  return { ...clusterLabels(cluster), 'app.kubernetes.io/component': component };
}

/**
 * What Services, budgets and workloads find the pods of a component by: its labels, or the selector of the workload that is taken
 * over for it. A StatefulSet cannot change it, so it never may.
 */
export function selectorLabels(cluster: PrismCluster, component: string): Labels {
  return adoptedWorkload(cluster, component)?.selector ?? componentLabels(cluster, component);
}

/** Identity and labels of one child. */
export function childMetadata(cluster: PrismCluster, name: string, component: string, part: Part): ChildMetadata {
  return {
    name,
    namespace: namespaceOf(cluster),
    labels: {
      ...componentLabels(cluster, component),
      'app.kubernetes.io/managed-by': managedBy,
      [partLabel]: part,
    },
  };
}
