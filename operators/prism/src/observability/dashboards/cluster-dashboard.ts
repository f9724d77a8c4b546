import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap, type Labels } from '@capstan/resources';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../../labels.ts';
import { childName, namespaceOf } from '../../names.ts';
import { uniqueName } from '../unique-name.ts';
import { adminSection } from './admin.ts';
import { componentsSection } from './components.ts';
import { dashboard } from './dashboard.ts';
import { nowSection } from './now.ts';
import { operatorSection } from './operator.ts';

/** The dashboard of a cluster, where Grafana's sidecar finds it by the labels that the spec has for it. */
export function clusterDashboard(cluster: PrismCluster, sidecarLabels: Labels): Draft<ConfigMap> {
  const uid = uniqueName(cluster, 'cluster');
  const { labels, ...metadata } = childMetadata(
    cluster,
    childName(cluster, 'prism-dashboard'),
    'dashboard',
    'observability',
  );
  const model = dashboard({
    uid,
    title: `Prism / ${namespaceOf(cluster)}/${cluster.metadata.name}`,
    description: 'One PrismCluster, as its operator and its prism-admin see it.',
    sections: [nowSection(cluster), componentsSection(cluster), adminSection(cluster), operatorSection],
  });
  // The operator's own labels win: what it prunes and watches by is not for a spec to change.
  return configMap(
    { ...metadata, labels: { ...sidecarLabels, ...labels } },
    { [`${uid}.json`]: `${JSON.stringify(model, null, 2)}\n` },
  );
}
