import type { Draft, Service } from '@capstan/kube';
import { service } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/**
 * The address for clients.
 *
 * A client stays with one broker, because messages and topics live on the broker that took them. The HTTP port is not
 * here: it serves an administration API that asks nobody who they are.
 */
export function clientService(cluster: StreamBusCluster): Draft<Service> {
  return service(childMetadata(cluster, namesOf(cluster).clientService), {
    sessionAffinity: 'ClientIP',
    selector: selectorLabels(cluster),
    // By name: while a change of the port rolls, each pod is reached at the port it has.
    ports: [{ name: 'broker', port: cluster.spec.config.port, targetPort: 'broker' }],
  });
}
