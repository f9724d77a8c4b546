import type { Draft } from '@capstan/kube';
import { type GRPCRoute, grpcRoute } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { namesOf, ownName } from '../names.ts';
import { adminProfile, profileOf } from '../profiles/profiles.ts';
import { adminHost, type Edge } from './exposed.ts';
import { speaksGrpc } from './ingress.ts';

/** Routes gRPC from the Gateways of the spec to the proxies, and to prism-admin where that is exposed and speaks gRPC. */
export function grpcRoutes(cluster: PrismCluster, edge: Edge): readonly Draft<GRPCRoute>[] {
  const parentRefs = edge.gateway?.parentRefs;
  if (parentRefs === undefined) return [];
  const { proxyService, adminService } = namesOf(cluster);
  const host = adminHost(edge);
  return [
    grpcRoute(childMetadata(cluster, ownName(cluster, 'prism-proxy'), 'prism-proxy', 'edge'), {
      parentRefs,
      ...(edge.host !== undefined && { hostnames: [edge.host] }),
      rules: [{ backendRefs: [{ name: proxyService, port: profileOf(cluster).proxy.serves.servicePort }] }],
    }),
    ...(host === undefined || !adminSpeaksGrpc(cluster)
      ? []
      : [
          grpcRoute(childMetadata(cluster, ownName(cluster, 'prism-admin'), 'prism-admin', 'edge'), {
            ...{ parentRefs, hostnames: [host] },
            rules: [{ backendRefs: [{ name: adminService, port: servedByAdmin(cluster).servicePort }] }],
          }),
        ]),
  ];
}

/** Whether prism-admin can be reached by a GRPCRoute; in some profiles it speaks HTTP. */
export function adminSpeaksGrpc(cluster: PrismCluster): boolean {
  return speaksGrpc(servedByAdmin(cluster));
}

function servedByAdmin(cluster: PrismCluster) {
  return adminProfile(cluster, cluster.spec.admin.replicas).serves;
}
