import type { Draft, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';
import {
  type BackendReference,
  type HeaderMatch,
  type ParentReference,
  type RouteFilter,
  type RouteStatus,
  routeProblems,
} from './route.ts';

export interface GrpcRouteRule {
  readonly name?: string;
  /** Any one of them; every call unless told. */
  readonly matches?: readonly {
    readonly method?: {
      readonly type?: 'Exact' | 'RegularExpression';
      readonly service?: string;
      readonly method?: string;
    };
    readonly headers?: readonly HeaderMatch[];
  }[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
}

export interface GrpcRouteOptions {
  readonly parentRefs: readonly ParentReference[];
  readonly hostnames?: readonly string[];
  readonly rules: readonly GrpcRouteRule[];
}

/** gRPC calls from a Gateway to Services, where the Gateway API is installed. */
export interface GRPCRoute extends KubeObject {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'GRPCRoute';
  readonly spec: GrpcRouteOptions;
  readonly status?: RouteStatus;
}
export const GRPCRoute: ResourceType<GRPCRoute> = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  kind: 'GRPCRoute',
  plural: 'grpcroutes',
  namespaced: true,
};

/**
 * Routes gRPC calls. See https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute.
 * @throws {InvalidChildError} without parents or rules
 */
export function grpcRoute(metadata: ChildMetadata, spec: GrpcRouteOptions): Draft<GRPCRoute> {
  const problems = routeProblems(spec);
  if (problems.length > 0) throw new InvalidChildError(`GRPCRoute/${metadata.name}`, problems);
  const draft = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute', metadata, spec } as const;
  return child<GRPCRoute>(draft, dnsSubdomain);
}
