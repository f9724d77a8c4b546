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

/** What clusters need of a pattern: that its pods come and go is nothing to them, that another cluster takes it in may be. */
export function leanPattern({ apiVersion, kind, metadata, spec, status }: PrismPattern): PrismPattern {
  const { scaler, conditions = [] } = status ?? {};
  // It comes and goes with whatever keeps the cluster that it names from taking it in.
  const stalled = conditions.filter(({ type }) => type === 'Stalled');
  const lean = { ...(scaler !== undefined && { scaler }), ...(stalled.length > 0 && { conditions: stalled }) };
  const { annotations: _annotations, managedFields: _managedFields, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept, spec, ...(Object.keys(lean).length > 0 && { status: lean }) };
}
