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

/** Requests that all of its parts hold for. */
export interface HttpRouteMatch {
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value: string };
  readonly method?: string;
  readonly headers?: readonly HeaderMatch[];
  readonly queryParams?: readonly HeaderMatch[];
}

export interface HttpRouteRule {
  readonly name?: string;
  /** Any one of them; every request unless told. */
  readonly matches?: readonly HttpRouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
}

export interface HttpRouteOptions {
  readonly parentRefs: readonly ParentReference[];
  readonly hostnames?: readonly string[];
  readonly rules: readonly HttpRouteRule[];
}

/** HTTP requests from a Gateway to Services, where the Gateway API is installed. */
export interface HTTPRoute extends KubeObject {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'HTTPRoute';
  readonly spec: HttpRouteOptions;
  readonly status?: RouteStatus;
}
export const HTTPRoute: ResourceType<HTTPRoute> = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  namespaced: true,
};

/**
 * Routes HTTP requests. See https://gateway-api.sigs.k8s.io/reference/spec/#httproute.
 * @throws {InvalidChildError} without parents or rules
 *
 * @example
 * ```ts
 * httpRoute({ name: 'web' }, { parentRefs: [{ name: 'public' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] })
 * ```
 */
export function httpRoute(metadata: ChildMetadata, spec: HttpRouteOptions): Draft<HTTPRoute> {
  const problems = routeProblems(spec);
  if (problems.length > 0) throw new InvalidChildError(`HTTPRoute/${metadata.name}`, problems);
  const draft = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec } as const;
  return child<HTTPRoute>(draft, dnsSubdomain);
}
