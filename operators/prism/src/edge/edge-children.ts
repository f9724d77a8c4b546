import type { StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { edgeCertificate } from './certificate.ts';
import { edgeOf, hasIngress } from './exposed.ts';
import { grpcRoutes } from './grpc-route.ts';
import { adminIngress, proxyIngress } from './ingress.ts';

/** What lets clients outside in; nothing where the spec does not ask for it, and prism-admin only where it asks for that too. */
export function edgeChildren(cluster: PrismCluster): readonly StepObject[] {
  const edge = edgeOf(cluster);
  if (edge === undefined) return [];
  const ingresses = hasIngress(edge) ? [proxyIngress(cluster, edge), adminIngress(cluster, edge)] : [];
  return [edgeCertificate(cluster, edge), ...ingresses, ...grpcRoutes(cluster, edge)].filter(
    (child) => child !== undefined,
  );
}
