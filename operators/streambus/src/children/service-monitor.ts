import type { Draft } from '@capstan/kube';
import { type ServiceMonitor, serviceMonitor } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Scrapable } from '../protection.ts';
import { proxyMetricsPort } from './headless-service.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/** The names of the Service's ports. */
const ports: Readonly<Record<Scrapable, string>> = { broker: 'http', proxy: proxyMetricsPort };

/**
 * Has the brokers and their proxies scraped. Today's broker has no series, so what comes of it is `up`; the proxy has many.
 * @param scraped not empty
 */
export function brokerMonitor(cluster: StreamBusCluster, scraped: readonly Scrapable[]): Draft<ServiceMonitor> {
  const { interval } = cluster.spec.observability.metrics;
  return serviceMonitor(childMetadata(cluster, namesOf(cluster).serviceMonitor), {
    selector: selectorLabels(cluster),
    jobLabel: 'app.kubernetes.io/name',
    targetLabels: ['app.kubernetes.io/instance'],
    endpoints: scraped.map((which) => ({
      port: ports[which],
      path: '/metrics',
      ...(interval !== undefined && { interval }),
    })),
  });
}
