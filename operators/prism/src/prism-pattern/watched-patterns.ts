import type { ObjectRef } from '@capstan/kube';
import type { ResourceReader } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';

/** The clusters that a pattern may concern: all of its namespace, for without a reference it belongs to the only one. */
export function clustersOfPattern(
  { metadata }: PrismPattern,
  clusters: ResourceReader<PrismCluster>,
): readonly ObjectRef[] {
  return clusters.list({ namespace: metadata.namespace }).map((cluster) => cluster.metadata);
}

/** What clusters need of a pattern: that its pods come and go is nothing to them. */
export function leanPattern({ apiVersion, kind, metadata, spec, status }: PrismPattern): PrismPattern {
  const { scaler } = status ?? {};
  const { annotations: _annotations, managedFields: _managedFields, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept, spec, ...(scaler !== undefined && { status: { scaler } }) };
}
