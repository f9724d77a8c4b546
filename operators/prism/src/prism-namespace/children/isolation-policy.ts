import type { Draft, NetworkPolicy, NetworkPolicyEgressRule } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { enabledBackend, enabledBackends } from '../../backends/backend-kind.ts';
import { partPods, rulesOf } from '../../edge/gate.ts';
import { namespaceChild, namespaceChildName, ownPodLabels } from '../namespace-labels.ts';

/**
 * Closes the pods that work for this namespace alone: each other and the proxies come in; each other, the proxies and backends of the
 * cluster, backends elsewhere and DNS are reached, and nothing else. `undefined` where nothing is to be kept apart.
 */
export function isolationPolicy(namespace: PrismNamespace, cluster: PrismCluster): Draft<NetworkPolicy> | undefined {
  if (namespace.spec.isolation === 'none' || !cluster.spec.networkPolicy.enabled) return undefined;
  const pods = ownPodLabels(namespace);
  const inside = [{ podSelector: { matchLabels: pods } }, ...partPods(cluster, 'proxy')];
  return networkPolicy(namespaceChild(namespace, namespaceChildName(namespace)), {
    pods,
    ingress: rulesOf([{ from: inside }]),
    egress: [{ to: [...inside, ...partPods(cluster, 'backend')] }, ...backendsElsewhere(cluster), dns],
  });
}

const dns: NetworkPolicyEgressRule = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** Nobody here knows their addresses, but their ports. */
function backendsElsewhere(cluster: PrismCluster): readonly NetworkPolicyEgressRule[] {
  const ports = enabledBackends(cluster)
    .flatMap((kind) => enabledBackend(cluster, kind)?.external?.endpoint ?? [])
    .map((endpoint) => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1)))
    .filter((port) => Number.isInteger(port));
  if (ports.length === 0) return [];
  return [{ ports: [...new Set(ports)].map((port) => ({ port, protocol: 'TCP' })) }];
}
