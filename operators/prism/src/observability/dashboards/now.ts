import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { adminSelector, clusterSeries } from '../series.ts';
import type { Section } from './dashboard.ts';
import { stat } from './panel.ts';

/** How a cluster is at this moment. */
export function nowSection(cluster: PrismCluster): Section {
  const components = clusterSeries('prism_cluster_components_ready', cluster);
  const patterns = clusterSeries('prism_cluster_patterns_ready', cluster);
  return {
    title: 'Now',
    panels: [
      stat({
        title: 'Phase',
        description:
          'The status in one word, as the operator counts it. Degraded: something is not available. Failed: the spec is refused, or the first start cannot come to an end. The conditions say why.',
        queries: [
          { expr: `max by (phase) (${clusterSeries('prism_cluster_phase', cluster)}) == 1`, legend: '{{phase}}' },
        ],
        showsName: true,
      }),
      stat({
        title: 'Leaders of prism-admin',
        description: 'Exactly one, or nothing can be written: pods stay Ready without a leader.',
        queries: [{ expr: `sum(prism_admin_raft_state{${adminSelector(cluster)}} == bool 2)` }],
        good: 1,
      }),
      stat({
        title: 'Members that answer',
        description: `Of ${cluster.spec.admin.replicas}. More than half are needed for anything to be written.`,
        queries: [{ expr: `sum(up{${adminSelector(cluster)}})` }],
        good: cluster.spec.admin.replicas,
      }),
      stat({
        title: 'Components not ready',
        description: 'prism-admin, proxies and backends of which not all pods are available.',
        queries: [{ expr: `sum(${components} == bool 0)` }],
        good: 0,
      }),
      stat({
        title: 'Patterns not ready',
        description: 'Runners of which not all pods are available, and patterns that are not started.',
        noValue: 'No patterns',
        queries: [{ expr: `sum(${patterns} == bool 0)` }],
        good: 0,
      }),
    ],
  };
}
