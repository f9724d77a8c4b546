import type { Draft, ResourceQuota } from '@capstan/kube';
import { resourceQuota } from '@capstan/resources';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { namespaceChild, namespaceChildName } from '../namespace-labels.ts';

/**
 * Limits the whole Kubernetes namespace as the quota says. A ResourceQuota cannot tell whom a pod works for, so there is one only
 * where there is nobody else: `undefined` with neighbours, or without limits.
 *
 * @param neighbours other PrismNamespaces and PrismClusters of the same Kubernetes namespace
 */
export function namespaceQuota(
  namespace: PrismNamespace,
  neighbours: readonly string[],
): Draft<ResourceQuota> | undefined {
  const limits = namespace.spec.quota?.resources;
  if (limits === undefined || neighbours.length > 0) return undefined;
  return resourceQuota(namespaceChild(namespace, namespaceChildName(namespace)), { hard: { ...limits } });
}
