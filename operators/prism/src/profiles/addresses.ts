import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namesOf, namespaceOf } from '../names.ts';
import { adminProfile, profileOf } from './profiles.ts';

/** Where the components of a cluster are reached, from any namespace. */
export interface Addresses {
  /** `host:port` of prism-proxy. */
  readonly proxyAddress: string;
  /** URL of prism-admin. */
  readonly adminUrl: string;
}

/** The addresses of the Services of a cluster. The port of a Service is the profile's, wherever the pods listen. */
export function addressesOf(cluster: PrismCluster): Addresses {
  const { proxy } = profileOf(cluster);
  const admin = adminProfile(cluster, cluster.spec.admin.replicas);
  const { adminService: adminName, proxyService: proxyName } = namesOf(cluster);
  const namespace = namespaceOf(cluster);
  return {
    proxyAddress: `${proxyName}.${namespace}.svc:${proxy.serves.servicePort}`,
    adminUrl: `http://${adminName}.${namespace}.svc:${admin.serves.servicePort}`,
  };
}
