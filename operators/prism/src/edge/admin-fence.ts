import type { Draft, NetworkPolicy } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { ownName } from '../names.ts';
import { adminProfile, profileOf } from '../profiles/profiles.ts';
import { adminHost, edgeOf } from './exposed.ts';
import { clients, componentPods, type Gate, monitors, operatorPods, partPods, rulesOf } from './gate.ts';

/** Around prism-admin, which asks nobody who they are: whoever reaches it may change everything. */
export function adminFence(cluster: PrismCluster, operatorNamespace: string | undefined): Draft<NetworkPolicy> {
  const component = 'prism-admin';
  return networkPolicy(childMetadata(cluster, ownName(cluster, component), component, 'edge'), {
    pods: selectorLabels(cluster, component),
    ingress: rulesOf(adminGates(cluster, operatorPods(operatorNamespace))),
  });
}

function adminGates(cluster: PrismCluster, operator: readonly Peer[]): readonly Gate[] {
  const { serves, otherPorts = [] } = adminProfile(cluster, cluster.spec.admin.replicas);
  const { raftPort } = profileOf(cluster).admin;
  const members = componentPods(cluster, 'prism-admin');
  const users = [...partPods(cluster, 'proxy'), ...partPods(cluster, 'pattern'), ...operator];
  const port = cluster.spec.admin.port ?? serves.port;
  return [
    // A member that does not lead passes writes on to the one that does.
    { port, from: [members, ...users] },
    ...(isExposed(cluster) ? [{ port, from: clients(cluster) }] : []),
    ...otherPorts.map((other) => ({
      port: other.port,
      from: other.port === raftPort ? [members] : [...monitors(cluster), ...operator],
    })),
  ];
}

type Peer = ReturnType<typeof operatorPods>[number];

/** Clients of an Ingress or a Gateway come from its controller, of which nobody here knows where it runs. */
function isExposed(cluster: PrismCluster): boolean {
  const edge = edgeOf(cluster);
  return edge !== undefined && adminHost(edge) !== undefined;
}
