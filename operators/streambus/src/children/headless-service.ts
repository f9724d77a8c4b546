import type { Draft, Service } from '@capstan/kube';
import { headlessService as headless } from '@capstan/resources';
import { proxyReadyPort } from '../api/v1alpha1/config.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/** The port of the Service behind which each proxy has its metrics. */
export const proxyMetricsPort = 'proxy-metrics';

/** Gives every broker a name that its peers, and clients that want one certain broker, can dial. */
export function headlessService(cluster: StreamBusCluster): Draft<Service> {
  const { port, httpPort, grpcPort } = cluster.spec.config;
  return headless(childMetadata(cluster, namesOf(cluster).headlessService), {
    selector: selectorLabels(cluster),
    ports: [
      { name: 'broker', port },
      { name: 'raft', port: grpcPort },
      { name: 'http', port: httpPort },
      ...(protectionOf(cluster.spec).proxy === undefined ? [] : [{ name: proxyMetricsPort, port: proxyReadyPort }]),
    ],
  });
}
