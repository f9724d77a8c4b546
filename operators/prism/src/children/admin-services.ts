import type { Draft, PodDisruptionBudget, Service } from '@capstan/kube';
import { headlessService, podDisruptionBudget, service } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { namesOf, ownName } from '../names.ts';
import { adminProfile, profileOf } from '../profiles/profiles.ts';
import { adminComponent } from './admin-pod.ts';

/** The address of prism-admin: the port that clients know, wherever the pods listen, and what else they listen on but raft. */
export function adminService(cluster: PrismCluster, members: number): Draft<Service> {
  const { serves, otherPorts = [] } = adminProfile(cluster, members);
  const { name, servicePort, appProtocol } = serves;
  const { raftPort } = profileOf(cluster).admin;
  return service(childMetadata(cluster, namesOf(cluster).adminService, adminComponent, 'admin'), {
    selector: selectorLabels(cluster, adminComponent),
    ports: [
      { name, port: servicePort, targetPort: name, ...(appProtocol !== undefined && { appProtocol }) },
      ...otherPorts.filter(({ port }) => port !== raftPort).map((port) => ({ ...port, targetPort: port.name })),
    ],
  });
}

/** The names by which members find each other and followers their leader; also while they are not ready. */
export function adminPeersService(cluster: PrismCluster, members: number): Draft<Service> {
  const { raftPort } = profileOf(cluster).admin;
  const { name, port } = adminProfile(cluster, members).serves;
  return headlessService(childMetadata(cluster, namesOf(cluster).adminPeers, adminComponent, 'admin'), {
    selector: selectorLabels(cluster, adminComponent),
    ports: [
      { name: 'raft', port: raftPort },
      { name, port: cluster.spec.admin.port ?? port },
    ],
  });
}

/** A drain takes one member at a time: two of three would cost the quorum. */
export function adminDisruptionBudget(cluster: PrismCluster): Draft<PodDisruptionBudget> {
  return podDisruptionBudget(childMetadata(cluster, ownName(cluster, adminComponent), adminComponent, 'admin'), {
    selector: selectorLabels(cluster, adminComponent),
    maxUnavailable: 1,
  });
}
