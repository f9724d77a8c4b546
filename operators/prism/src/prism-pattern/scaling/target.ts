import type { ChildMetadata } from '@capstan/resources';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { childMetadata } from '../../labels.ts';
import { patternName, runnerName } from '../../names.ts';

/** What is scaled: the pattern, the cluster it belongs to, and through both its workload. */
export interface Target {
  readonly pattern: PrismPattern;
  readonly cluster: PrismCluster;
}

/** The workload of a pattern, as autoscalers refer to it. */
export function workloadOf({ pattern: { metadata, spec }, cluster }: Target) {
  return { apiVersion: 'apps/v1', kind: spec.workload, name: patternName(cluster, metadata.name) } as const;
}

/**
 * Identity and labels of what scales a pattern.
 * @param name that of the workload unless told
 */
export function scalingMetadata(target: Target, name = workloadOf(target).name): ChildMetadata {
  return childMetadata(target.cluster, name, runnerName(target.pattern.metadata.name), 'pattern');
}
