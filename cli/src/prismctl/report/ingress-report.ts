import type { Ingress } from '@capstan/kube';

/** An Ingress. What is not known is null. */
export interface IngressReport {
  readonly name: string;
  readonly className: string | null;
  readonly hosts: readonly string[];
  readonly tls: boolean;
  /** Where clients reach it; empty until a controller has taken it up. */
  readonly addresses: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string | null;
}

/** Reads an Ingress. Pure. */
export function ingressReport({ metadata, spec, status }: Ingress): IngressReport {
  return {
    name: metadata.name,
    className: spec?.ingressClassName ?? null,
    hosts: (spec?.rules ?? []).flatMap(({ host }) => host ?? []),
    tls: (spec?.tls ?? []).length > 0,
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname ?? ip ?? []),
    createdAt: metadata.creationTimestamp ?? null,
  };
}
