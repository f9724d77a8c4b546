import type { Draft, NetworkPolicy } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { ownName } from '../names.ts';
import { profileOf } from '../profiles/profiles.ts';
import { clients, type Gate, monitors, partPods, rulesOf } from './gate.ts';

/** Around the proxies: clients, and the runners that some profiles tell of the proxy. */
export function proxyFence(cluster: PrismCluster): Draft<NetworkPolicy> {
  const component = 'prism-proxy';
  const { serves, otherPorts = [] } = profileOf(cluster).proxy;
  const port = cluster.spec.proxy.port ?? serves.port;
  const from = clients(cluster);
  const gates: readonly Gate[] = [
    { port, from: from === 'Everybody' ? from : [...from, ...partPods(cluster, 'pattern')] },
    ...otherPorts.map((other) => ({ port: other.port, from: monitors(cluster) })),
  ];
  return networkPolicy(childMetadata(cluster, ownName(cluster, component), component, 'edge'), {
    pods: selectorLabels(cluster, component),
    ingress: rulesOf(gates),
  });
}
