import type { ChildMetadata, Labels } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { namespaceOf } from './names.ts';

/** What Services, the budget and the StatefulSet find the brokers by. A StatefulSet cannot change it, so it never may. */
export function selectorLabels({ metadata: { name } }: StreamBusCluster): Labels {
  return { 'app.kubernetes.io/name': 'streambus-broker', 'app.kubernetes.io/instance': name };
}

/** The operator's mark on what it makes. */
export const managedBy = 'streambus-operator';

/** What every child carries. */
function childLabels(cluster: StreamBusCluster): Labels {
  return {
    ...selectorLabels(cluster),
    'app.kubernetes.io/component': 'broker',
    'app.kubernetes.io/managed-by': managedBy,
  };
}

/** The selector in the text form that `kubectl -l` and the scale subresource take. */
export function selectorText(cluster: StreamBusCluster): string {
  return Object.entries(selectorLabels(cluster))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** Identity and labels of one child. */
export function childMetadata(cluster: StreamBusCluster, name: string): ChildMetadata {
  return { name, namespace: namespaceOf(cluster), labels: childLabels(cluster) };
}
