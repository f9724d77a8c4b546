import type { Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';
import { type BackendReference, type ParentReference, type RouteStatus, routeProblems } from './route.ts';

export interface TcpRouteOptions {
  readonly parentRefs: readonly ParentReference[];
  /** Gateways take one. */
  readonly rules: readonly { readonly name?: string; readonly backendRefs: readonly BackendReference[] }[];
}

/** Connections from a port of a Gateway to Services, where the experimental channel of the Gateway API is installed. */
export interface TCPRoute extends KubeObject {
  readonly apiVersion: 'gateway.networking.k8s.io/v1alpha2';
  readonly kind: 'TCPRoute';
  readonly spec: TcpRouteOptions;
  readonly status?: RouteStatus;
}
export const TCPRoute: ResourceType<TCPRoute> = {
  group: 'gateway.networking.k8s.io',
  version: 'v1alpha2',
  kind: 'TCPRoute',
  plural: 'tcproutes',
  namespaced: true,
};

/**
 * Routes TCP connections. See https://gateway-api.sigs.k8s.io/reference/spec/#tcproute.
 * @throws {InvalidChildError} without parents or rules
 */
export function tcpRoute(metadata: ChildMetadata, spec: TcpRouteOptions): Draft<TCPRoute> {
  const problems = routeProblems(spec);
  if (problems.length > 0) throw new InvalidChildError(`TCPRoute/${metadata.name}`, problems);
  const draft = { apiVersion: 'gateway.networking.k8s.io/v1alpha2', kind: 'TCPRoute', metadata, spec } as const;
  return child<TCPRoute>(draft, dnsSubdomain);
}
