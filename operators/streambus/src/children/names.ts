import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';

/** The names of everything that belongs to one cluster. Two of them never differ by case or by a hash: people type them. */
interface ChildNames {
  readonly brokerConfig: string;
  readonly headlessService: string;
  readonly clientService: string;
  readonly statefulSet: string;
  readonly disruptionBudget: string;
  readonly proxyConfig: string;
  readonly access: string;
  readonly tenants: string;
  readonly networkPolicy: string;
  readonly serviceMonitor: string;
  readonly resourceQuota: string;
}

export function namesOf({ metadata: { name } }: StreamBusCluster): ChildNames {
  return {
    brokerConfig: `${name}-config`,
    headlessService: `${name}-headless`,
    clientService: name,
    statefulSet: name,
    disruptionBudget: name,
    proxyConfig: `${name}-proxy`,
    access: `${name}-access`,
    tenants: `${name}-tenants`,
    networkPolicy: name,
    serviceMonitor: name,
    resourceQuota: name,
  };
}

/** The namespace of a cluster; the API server has always filled it in. */
export function namespaceOf({ metadata: { namespace } }: StreamBusCluster): string {
  return namespace ?? 'default';
}

/** The ordinals of so many brokers, from 0. */
export function ordinals(count: number): readonly number[] {
  return Array.from({ length: count }, (_, ordinal) => ordinal);
}

/** The name of one broker's pod, as its StatefulSet gives it. */
export function podName(cluster: StreamBusCluster, ordinal: number): string {
  return `${namesOf(cluster).statefulSet}-${ordinal}`;
}

/** The name under which one broker can be reached from anywhere in the Kubernetes cluster, whatever its DNS domain. */
export function brokerHost(cluster: StreamBusCluster, ordinal: number): string {
  return `${podName(cluster, ordinal)}.${namesOf(cluster).headlessService}.${namespaceOf(cluster)}.svc`;
}
