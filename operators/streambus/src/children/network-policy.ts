import type { Draft, NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import { proxyReadyPort } from '../api/v1alpha1/config.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import { childMetadata, managedBy, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/**
 * The fence around the brokers: clients reach the client port, brokers each other's raft, and only the operator and whom the
 * spec names the administration API, which asks nobody who they are.
 * @param operatorNamespace where the operator runs; absent for one that runs outside the cluster
 */
export function brokerFence(cluster: StreamBusCluster, operatorNamespace: string | undefined): Draft<NetworkPolicy> {
  const { port, grpcPort, httpPort } = cluster.spec.config;
  const brokers = { podSelector: { matchLabels: selectorLabels(cluster) } };
  const admins = [...operatorIn(operatorNamespace), ...administrators(cluster)];
  const isProxied = protectionOf(cluster.spec).proxy !== undefined;
  return networkPolicy(childMetadata(cluster, namesOf(cluster).networkPolicy), {
    pods: selectorLabels(cluster),
    ingress: [
      open(port, clientNamespaces(cluster)),
      open(grpcPort, [brokers]),
      // A rule without anybody in it would let everybody in.
      ...(admins.length === 0 ? [] : [open(httpPort, admins)]),
      // Readiness and metrics of the proxy: nothing that a client of the cluster could not find out.
      ...(isProxied ? [open(proxyReadyPort, [{ namespaceSelector: {} }])] : []),
    ],
  });
}

function open(port: number, from: readonly NetworkPolicyPeer[] | undefined): NetworkPolicyIngressRule {
  return { ports: [{ port, protocol: 'TCP' }], ...(from !== undefined && { from }) };
}

/** Who may reach the client port; `undefined`: everybody. */
function clientNamespaces({ spec: { multiTenancy } }: StreamBusCluster): readonly NetworkPolicyPeer[] | undefined {
  if (multiTenancy?.enabled !== true) return undefined;
  return multiTenancy.isolation?.clientNamespaces?.map((matchLabels) => ({ namespaceSelector: { matchLabels } }));
}

function operatorIn(namespace: string | undefined): readonly NetworkPolicyPeer[] {
  if (namespace === undefined) return [];
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return [{ namespaceSelector, podSelector: { matchLabels: { 'app.kubernetes.io/name': managedBy } } }];
}

function administrators({ spec: { security } }: StreamBusCluster): readonly NetworkPolicyPeer[] {
  const { adminFrom = [] } = security?.networkPolicy ?? {};
  return adminFrom.map(({ namespaceLabels, podLabels }) => ({
    ...(namespaceLabels !== undefined && { namespaceSelector: { matchLabels: namespaceLabels } }),
    ...(podLabels !== undefined && { podSelector: { matchLabels: podLabels } }),
  }));
}
