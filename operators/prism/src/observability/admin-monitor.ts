import type { Draft } from '@capstan/kube';
import { type ServiceMonitor, serviceMonitor } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { childMetadata, componentLabels } from '../labels.ts';
import { ownName } from '../names.ts';
import { adminProfile } from '../profiles/profiles.ts';

/** The name of the port that metrics are served at. */
const metricsPort = 'metrics';

/**
 * Has prism-admin scraped; `undefined` in a profile in which it serves no metrics. Nothing else has any for Prometheus: proxies and
 * runners of upstream listen on no such port, NATS answers in JSON, MinIO wants a token, the other backends want an exporter.
 */
export function adminMonitor(cluster: PrismCluster, interval: string): Draft<ServiceMonitor> | undefined {
  const { otherPorts = [] } = adminProfile(cluster, cluster.spec.admin.replicas);
  if (!otherPorts.some(({ name }) => name === metricsPort)) return undefined;
  return serviceMonitor(childMetadata(cluster, ownName(cluster, adminComponent), adminComponent, 'observability'), {
    // The Service that members find each other by has the same labels, and no such port.
    selector: componentLabels(cluster, adminComponent),
    jobLabel: 'app.kubernetes.io/component',
    targetLabels: ['app.kubernetes.io/instance'],
    endpoints: [{ port: metricsPort, path: '/metrics', interval }],
  });
}
