import type { Draft } from '@capstan/kube';
import { type Certificate, certificate } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { ownName } from '../names.ts';
import { adminHost, type Edge, tlsSecretName } from './exposed.ts';

/**
 * The certificate for the host names of a cluster, where an issuer is named. A Gateway ends TLS itself: its listener may name the
 * Secret that comes of it.
 */
export function edgeCertificate(cluster: PrismCluster, edge: Edge): Draft<Certificate> | undefined {
  const secretName = tlsSecretName(cluster, edge);
  const issuerRef = edge.tls?.issuerRef;
  if (secretName === undefined || issuerRef === undefined) return undefined;
  const dnsNames = [edge.host, adminHost(edge)].filter((host) => host !== undefined);
  const metadata = childMetadata(cluster, ownName(cluster, 'prism-proxy'), 'prism-proxy', 'edge');
  return certificate(metadata, { secretName, issuerRef, dnsNames });
}
