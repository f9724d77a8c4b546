import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { clusterSeries } from '../series.ts';
import type { Section } from './dashboard.ts';
import { note, timeSeries } from './panel.ts';

/** What of a cluster was ready, and when. */
export function componentsSection(cluster: PrismCluster): Section {
  const components = clusterSeries('prism_cluster_components_ready', cluster);
  const patterns = clusterSeries('prism_cluster_patterns_ready', cluster);
  return {
    title: 'Components',
    panels: [
      timeSeries({
        title: 'Components ready',
        description:
          '1: all pods that are wanted are available. status.backendStatus, .adminStatus, .proxyStatus say why not.',
        queries: [{ expr: `max by (component) (${components})`, legend: '{{component}}' }],
        unit: 'none',
      }),
      timeSeries({
        title: 'Patterns ready',
        description: '1: all pods that are wanted are available. status.patternStatus says why not.',
        queries: [{ expr: `max by (pattern) (${patterns})`, legend: '{{pattern}}' }],
        unit: 'none',
        noValue: 'There are no patterns',
      }),
      note('What is not here', [
        'Proxies and runners export no series: requests, their latency and messages cannot be shown. Nor do the backends, without an exporter beside them.',
      ]),
    ],
  };
}
