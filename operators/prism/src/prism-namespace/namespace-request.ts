import { configHash } from '@capstan/resources';
import type { NamespaceRequest } from '../admin/control-plane/control-plane.ts';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';

/** What prism-admin is told of a namespace, and a hash that changes exactly when that does. */
export interface WantedNamespace {
  readonly request: NamespaceRequest;
  readonly hash: string;
}

/** Who asks where no proxy of the operator's own is registered. */
const operatorItself = 'prism-operator';

/**
 * What prism-admin is to be told. It keeps texts by name and nothing else of a namespace, so all that the spec says of it is there;
 * what a later version may look at besides is filled in too.
 *
 * @param proxyId of the proxy that is registered for the cluster, where one is
 */
export function wantedNamespace({ metadata, spec }: PrismNamespace, proxyId: string | undefined): WantedNamespace {
  const { patterns, isolation, quota = {} } = spec;
  const { maxSessions, maxRequestsPerSecond, maxStorage } = quota;
  const told: Readonly<Record<string, string>> = {
    isolation,
    patterns: [...patterns].sort().join(','),
    ...(maxSessions !== undefined && { 'quota.maxSessions': `${maxSessions}` }),
    ...(maxRequestsPerSecond !== undefined && { 'quota.maxRequestsPerSecond': `${maxRequestsPerSecond}` }),
    ...(maxStorage !== undefined && { 'quota.maxStorage': `${maxStorage}` }),
  };
  const hash = configHash(told);
  return {
    hash,
    request: {
      ...{ name: metadata.name, requestingProxy: proxyId ?? operatorItself, patterns },
      principal: `${metadata.namespace}/${metadata.name}`,
      metadata: { ...told, 'prism.io/hash': hash },
    },
  };
}
