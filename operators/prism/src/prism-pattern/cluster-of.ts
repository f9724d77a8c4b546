import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PatternReason } from '../api/v1beta1/conditions.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';

/** Which cluster a pattern belongs to, or why none. */
export type ClusterFinding =
  | { readonly kind: 'Found'; readonly cluster: PrismCluster }
  | {
      readonly kind: 'NotFound';
      readonly reason: Extract<
        PatternReason,
        'ClusterNotFound' | 'NoClusterInNamespace' | 'SeveralClustersInNamespace'
      >;
      /** A sentence that says what to do. */
      readonly message: string;
    };

/**
 * The cluster that a pattern belongs to: the one that it names, or the only one there is.
 * @param clusters all of the namespace of the pattern
 */
export function clusterOf({ spec, metadata }: PrismPattern, clusters: readonly PrismCluster[]): ClusterFinding {
  // A spec that is not even of the right shape is judged later on.
  const named = spec?.cluster;
  if (named !== undefined) {
    const cluster = clusters.find((each) => each.metadata.name === named);
    if (cluster !== undefined) return { kind: 'Found', cluster };
    const message = `There is no PrismCluster ${named} in namespace ${metadata.namespace}: make it, or name another one in spec.cluster. Until then what runs of the pattern stays as it is.`;
    return { kind: 'NotFound', reason: 'ClusterNotFound', message };
  }
  const [only, ...others] = clusters;
  if (only === undefined) {
    const message = `There is no PrismCluster in namespace ${metadata.namespace}: make one there.`;
    return { kind: 'NotFound', reason: 'NoClusterInNamespace', message };
  }
  if (others.length === 0) return { kind: 'Found', cluster: only };
  const names = clusters.map((each) => each.metadata.name).sort();
  const message = `There are several in namespace ${metadata.namespace}, ${names.join(', ')}: name one of them in spec.cluster. Until then what runs of the pattern stays as it is.`;
  return { kind: 'NotFound', reason: 'SeveralClustersInNamespace', message };
}

/** The patterns that belong to a cluster, oldest first: where two want the same, the older one has it. */
export function patternsOf(
  cluster: PrismCluster,
  patterns: readonly PrismPattern[],
  clusters: readonly PrismCluster[],
): readonly PrismPattern[] {
  return patterns
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter((pattern) => {
      const finding = clusterOf(pattern, clusters);
      return finding.kind === 'Found' && finding.cluster.metadata.name === cluster.metadata.name;
    })
    .sort(byAge);
}

function byAge({ metadata: a }: PrismPattern, { metadata: b }: PrismPattern): number {
  const [first, second] = [a, b].map(({ creationTimestamp = '', name }) => `${creationTimestamp} ${name}`);
  return `${first}` < `${second}` ? -1 : 1;
}
