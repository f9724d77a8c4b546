import type { StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminMonitor } from './admin-monitor.ts';
import { clusterDashboard } from './dashboards/cluster-dashboard.ts';
import { lokiDataSource } from './loki-data-source.ts';
import { clusterRules } from './rules.ts';

/** What makes a cluster seen, as far as the spec asks for it. Prometheus, Grafana and Loki themselves are somebody else's. */
export function observabilityChildren(cluster: PrismCluster): readonly StepObject[] {
  const { prometheus, grafana, loki } = cluster.spec.observability ?? {};
  const monitor = prometheus?.enabled === true ? adminMonitor(cluster, prometheus.scrapeInterval) : undefined;
  const url = loki?.enabled === true ? loki.url : undefined;
  return [
    ...(monitor === undefined ? [] : [monitor]),
    ...(prometheus?.enabled === true && prometheus.rules ? [clusterRules(cluster, monitor !== undefined)] : []),
    ...(grafana?.enabled === true ? [clusterDashboard(cluster, grafana.dashboardLabels)] : []),
    ...(url === undefined ? [] : [lokiDataSource(cluster, url)]),
  ];
}
