import type { Draft } from '@capstan/kube';
import { type PrometheusRule, prometheusRule } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { childName } from '../names.ts';
import { adminAlerts } from './admin-alerts.ts';
import { type Alert, alertOf } from './alert.ts';
import { clusterAlerts } from './cluster-alerts.ts';

/**
 * The alerts of a cluster.
 * @param isAdminScraped alerts on series that nobody collects would fire for ever, or never
 */
export function clusterRules(cluster: PrismCluster, isAdminScraped: boolean): Draft<PrometheusRule> {
  const group = (name: string, alerts: readonly Alert[]) => ({
    name,
    rules: alerts.map((alert) => alertOf(cluster, alert)),
  });
  return prometheusRule(childMetadata(cluster, childName(cluster, 'prism-alerts'), 'alerts', 'observability'), [
    group('prism-cluster', clusterAlerts(cluster)),
    ...(isAdminScraped ? [group('prism-admin', adminAlerts(cluster))] : []),
  ]);
}
