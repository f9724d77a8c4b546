import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { namespaceOf } from '../names.ts';

/** What comes between the braces of a series of prism-admin; its own series have no labels but those that they are scraped with. */
export function adminSelector(cluster: PrismCluster): string {
  return `namespace="${namespaceOf(cluster)}",job="${adminComponent}",app_kubernetes_io_instance="${cluster.metadata.name}"`;
}

/**
 * A series of the operator that is about one cluster. The namespace of the cluster is its label `namespace`, which Prometheus
 * keeps as `exported_namespace` where it has the operator's own in that place.
 * @param matchers more of what is between the braces
 */
export function clusterSeries(name: string, cluster: PrismCluster, ...matchers: readonly string[]): string {
  const namespace = namespaceOf(cluster);
  const at = (...place: readonly string[]) =>
    `${name}{${[`cluster="${cluster.metadata.name}"`, ...place, ...matchers].join(',')}}`;
  const kept = at(`namespace="${namespace}"`, 'exported_namespace=""');
  return `(${kept} or ${at(`exported_namespace="${namespace}"`)})`;
}
