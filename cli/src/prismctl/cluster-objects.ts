import type { Deployment, Event, HorizontalPodAutoscaler, Ingress, KubeObject, Pod, StatefulSet } from '@capstan/kube';
import type { PrismCluster } from '@capstan/prism-operator';

/** Everything that is known of one cluster, read at one time. */
export interface ClusterObjects {
  readonly cluster: PrismCluster;
  readonly workloads: readonly (Deployment | StatefulSet)[];
  readonly pods: readonly Pod[];
  readonly autoscalers: readonly HorizontalPodAutoscaler[];
  readonly ingresses: readonly Ingress[];
  /** PrismPatterns of the namespace, in whatever version is served. */
  readonly patterns: readonly KubeObject[];
  /** PrismNamespaces of the namespace, in whatever version is served. */
  readonly namespaces: readonly KubeObject[];
  /** Events of the namespace; empty where they were not asked for. */
  readonly events: readonly Event[];
  /** Plurals of kinds that may not be listed. */
  readonly forbidden: readonly string[];
}
