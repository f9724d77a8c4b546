import type { Draft } from '@capstan/kube';
import type { PrismPattern as ClusterPattern, PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { shortened } from '../../names.ts';
import { runnerOf } from '../../profiles/profiles.ts';
import { namespaceChild, prismNamespaceLabel } from '../namespace-labels.ts';

/** Names of patterns are no longer. */
const longestName = 40;

/**
 * Runners for this namespace alone: for each of its patterns that stands in the spec of the cluster a PrismPattern made like it. None
 * where they are not asked for.
 */
export function dedicatedPatterns(namespace: PrismNamespace, cluster: PrismCluster): readonly Draft<PrismPattern>[] {
  const { dedicatedRunners, patterns } = namespace.spec;
  if (!dedicatedRunners) return [];
  return cluster.spec.patterns
    .filter(({ name }) => patterns.includes(name))
    .map((pattern) => dedicatedPattern(namespace, pattern));
}

function dedicatedPattern(namespace: PrismNamespace, like: ClusterPattern): Draft<PrismPattern> {
  const { name, type: workload, runner: _runner, backends, storage, podLabels, ...rest } = like;
  const { affinity, nodeSelector, tolerations, topologySpreadConstraints, ...others } = rest;
  const { priorityClassName, runtimeClassName, ...same } = others;
  const placement = present({
    ...{ affinity, nodeSelector, tolerations, topologySpreadConstraints, priorityClassName, runtimeClassName },
  });
  return {
    apiVersion: `${PrismPattern.group}/${PrismPattern.version}`,
    kind: PrismPattern.kind,
    metadata: namespaceChild(namespace, shortened(`${namespace.metadata.name}-${name}`, longestName)),
    spec: {
      ...same,
      ...{ cluster: namespace.spec.cluster, type: runnerOf(like), workload, prismNamespace: namespace.metadata.name },
      backends: backends.map((backend) => ({ name: backend })),
      podLabels: { ...podLabels, [prismNamespaceLabel]: namespace.metadata.name },
      ...(storage !== undefined && { storage: volumeLike(storage) }),
      ...(Object.keys(placement).length > 0 && { placement }),
    },
  };
}

/** What is on the volume is the business of the pattern in the cluster alone. */
function volumeLike({ type: _sqlite, ...volume }: NonNullable<ClusterPattern['storage']>) {
  return volume;
}

/** What is there of some optional fields. */
function present<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { readonly [K in keyof T]?: Exclude<T[K], undefined> }; // only what is there
}
