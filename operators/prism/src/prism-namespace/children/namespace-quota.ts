import type { Draft, ResourceQuota } from '@capstan/kube';
import { resourceQuota } from '@capstan/resources';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { namespaceChild, namespaceChildName } from '../namespace-labels.ts';

/**
 * The ResourceQuota with the limits of a namespace; `undefined` without limits. It limits the whole Kubernetes namespace: a
 * ResourceQuota cannot tell whom a pod works for.
 * @throws {InvalidChildError} when there can be no such quota
 */
export function namespaceQuota(namespace: PrismNamespace): Draft<ResourceQuota> | undefined {
  const limits = namespace.spec.quota?.resources;
  if (limits === undefined) return undefined;
  return resourceQuota(namespaceChild(namespace, namespaceChildName(namespace)), { hard: { ...limits } });
}
