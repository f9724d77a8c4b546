import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf } from '../names.ts';
import type { Alert } from './alert.ts';
import { clusterSeries } from './series.ts';

/** Alerts of what the operator says of a cluster. They need its metrics, and are silent without. */
export function clusterAlerts(cluster: PrismCluster): readonly Alert[] {
  const describe = `kubectl -n ${namespaceOf(cluster)} describe prismcluster ${cluster.metadata.name}`;
  return [
    {
      alert: 'PrismClusterNotReady',
      expr: `max by (phase) (${clusterSeries('prism_cluster_phase', cluster, 'phase!="running"')}) == 1`,
      ...{ for: '15m', severity: 'warning' },
      summary: 'it is {{ $labels.phase }}',
      description: `The conditions say why: ${describe}`,
    },
    {
      alert: 'PrismProxyDown',
      expr: `min(${clusterSeries('prism_cluster_components_ready', cluster, 'component="proxy"')}) == 0`,
      ...{ for: '5m', severity: 'critical' },
      summary: 'not all proxies that are wanted are available',
      description: `Condition ProxyHealthy says why: ${describe}`,
    },
    {
      alert: 'PrismPatternNotReady',
      expr: `min by (pattern) (${clusterSeries('prism_cluster_patterns_ready', cluster)}) == 0`,
      ...{ for: '15m', severity: 'warning' },
      summary: 'pattern {{ $labels.pattern }} is not ready',
      description: `status.patternStatus and the conditions PatternsHealthy, RunnerSupported and BackendMissing say why: ${describe}`,
    },
  ];
}
