import type { Draft, HTTPIngressPath, Ingress, IngressTLS } from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

/** Where requests for one path go. */
export interface IngressPath {
  /** `/` unless told. */
  readonly path?: string;
  /** `Prefix` unless told. */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';
  readonly service: string;
  /** A port's number or its name. */
  readonly port: number | string;
}

export interface IngressOptions {
  /** Left out: the cluster's default class. */
  readonly ingressClassName?: string;
  /** Host names to their paths. */
  readonly hosts: Readonly<Record<string, readonly IngressPath[]>>;
  readonly tls?: readonly IngressTLS[];
}

/**
 * Lets HTTP requests for host names in from outside the cluster.
 * @throws {InvalidChildError} when there is no host, or a host without a path: such an Ingress serves nothing
 *
 * @example
 * ```ts
 * ingress({ name: 'web' }, { hosts: { 'shop.example.com': [{ service: 'web', port: 'http' }] } })
 * ```
 */
export function ingress(metadata: ChildMetadata, { hosts, ...spec }: IngressOptions): Draft<Ingress> {
  const entries = Object.entries(hosts);
  const empty = entries.filter(([, paths]) => paths.length === 0).map(([host]) => `hosts["${host}"]: has no path`);
  const problems = entries.length === 0 ? ['hosts: there is none'] : empty;
  if (problems.length > 0) throw new InvalidChildError(`Ingress/${metadata.name}`, problems);
  const rules = entries.map(([host, paths]) => ({ host, http: { paths: paths.map(httpPath) } }));
  const draft: Draft<Ingress> = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: { ...spec, rules },
  };
  return child<Ingress>(draft, dnsSubdomain);
}

function httpPath({ path = '/', pathType = 'Prefix', service: name, port }: IngressPath): HTTPIngressPath {
  return {
    path,
    pathType,
    backend: { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } },
  };
}
