import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childName } from '../names.ts';

/** What a cluster says of clients outside, where it lets any in. */
export type Edge = NonNullable<PrismCluster['spec']['ingress']>;

/** How a cluster is reached from outside; `undefined` where it is not. */
export function edgeOf({ spec: { ingress } }: PrismCluster): Edge | undefined {
  return ingress?.enabled === true ? ingress : undefined;
}

/** Whether there is an Ingress: always without a Gateway, beside one only where the class is named. */
export function hasIngress({ gateway, className }: Edge): boolean {
  return gateway === undefined || className !== undefined;
}

/** The host name of prism-admin; `undefined` where it is not exposed. The schema has seen to it that the other one is a name. */
export function adminHost({ exposeAdmin, host }: Edge): string | undefined {
  return exposeAdmin && host !== undefined ? `admin.${host}` : undefined;
}

/** The Secret with the certificate that clients are shown; `undefined` without TLS. */
export function tlsSecretName(cluster: PrismCluster, { tls }: Edge): string | undefined {
  return tls?.enabled === true ? (tls.secretName ?? childName(cluster, 'prism-proxy-tls')) : undefined;
}
