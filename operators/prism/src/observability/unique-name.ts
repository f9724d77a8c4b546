import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf, shortened } from '../names.ts';

/** Grafana takes up to 40 characters for the id of a dashboard or data source. */
const longest = 40;

/**
 * A name for what Grafana has of a cluster, which no other cluster's has: its sidecar puts the files of all namespaces into one
 * directory. An underscore stands in no name of a cluster or namespace.
 */
export function uniqueName(cluster: PrismCluster, what: string): string {
  return shortened(`prism-${what}-${namespaceOf(cluster)}_${cluster.metadata.name}`, longest);
}
