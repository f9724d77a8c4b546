import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { childName, namespaceOf } from '../names.ts';
import { uniqueName } from './unique-name.ts';

/** The label by which Grafana's sidecar finds data sources unless it is told otherwise. */
const sidecarLabel = { grafana_datasource: '1' };

/**
 * Makes a Loki a data source of Grafana. The pods need nothing for it: collectors find them by the labels that all of them have.
 * See https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources.
 */
export function lokiDataSource(cluster: PrismCluster, url: string): Draft<ConfigMap> {
  const uid = uniqueName(cluster, 'loki');
  const { labels, ...metadata } = childMetadata(cluster, childName(cluster, 'prism-loki'), 'loki', 'observability');
  const name = `Loki of Prism ${namespaceOf(cluster)}/${cluster.metadata.name}`;
  const dataSources = { apiVersion: 1, datasources: [{ name, uid, type: 'loki', access: 'proxy', url }] };
  // JSON is YAML, and needs no thought about quotes.
  return configMap({ ...metadata, labels: { ...labels, ...sidecarLabel } }, { [`${uid}.yaml`]: jsonText(dataSources) });
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
