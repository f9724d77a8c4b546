import type { AdminTarget } from '../admin/control-plane/admin-lane.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namesOf, namespaceOf } from '../names.ts';
import { addressesOf } from '../profiles/addresses.ts';
import { adminProfile, hasControlPlane } from '../profiles/profiles.ts';
import type { AdminSight } from './admin-sight.ts';

/**
 * Where the gRPC API of prism-admin is: its Service. `undefined` where the profile of the cluster has no port for it.
 */
export function adminTargetOf(
  cluster: PrismCluster,
  { members, incarnation }: Pick<AdminSight, 'members' | 'incarnation'>,
): AdminTarget | undefined {
  if (!hasControlPlane(cluster, members)) return undefined;
  const { servicePort } = adminProfile(cluster, members).serves;
  const address = `${namesOf(cluster).adminService}.${namespaceOf(cluster)}.svc:${servicePort}`;
  if (cluster.spec.admin.proxyRegistration === 'None') return { address, incarnation };
  return { address, incarnation, proxy: { id: proxyIdOf(cluster), address: addressesOf(cluster).proxyAddress } };
}

/**
 * The one proxy that prism-admin is told of for a cluster. It never changes: ids are never forgotten there, and each further one
 * takes partitions away from those before.
 */
function proxyIdOf(cluster: PrismCluster): string {
  return `${namespaceOf(cluster)}.${cluster.metadata.name}`;
}
