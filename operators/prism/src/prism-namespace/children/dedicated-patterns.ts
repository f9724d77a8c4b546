import type { Draft } from '@capstan/kube';
import type { ChildMetadata } from '@capstan/resources';
import type { PrismPattern as ClusterPattern, PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { PrismNamespace } from '../../api/v1alpha2/prism-namespace.ts';
import { PrismPattern, type PrismPatternSpec } from '../../api/v1beta1/prism-pattern.ts';
import { closedToLabel, prismNamespaceLabel } from '../../labels.ts';
import { shortened } from '../../names.ts';
import { runnerOf } from '../../profiles/profiles.ts';
import { namespaceChild } from '../namespace-labels.ts';

/** Names of patterns are no longer. */
const longestName = 40;

/**
 * Runners for this namespace alone: for each of its patterns that stands in the spec of the cluster a PrismPattern made like it. None
 * where they are not asked for, or the cluster does not allow them: each takes one of the places that it has.
 */
export function dedicatedPatterns(namespace: PrismNamespace, cluster: PrismCluster): readonly Draft<PrismPattern>[] {
  const { dedicatedRunners, patterns } = namespace.spec;
  if (!dedicatedRunners || !cluster.spec.tenancy.allowDedicatedRunners) return [];
  return cluster.spec.patterns
    .filter(({ name }) => patterns.includes(name))
    .map((pattern) => dedicatedPattern(namespace, pattern));
}

/** One pod, or as many as somebody else writes into it: how many its cluster has for everybody says nothing of one namespace. */
function dedicatedPattern(namespace: PrismNamespace, like: ClusterPattern): Draft<PrismPattern> {
  const { name, type: workload, runner: _runner, replicas: _theirs, backends, storage, podLabels, ...rest } = like;
  const { affinity, nodeSelector, tolerations, topologySpreadConstraints, ...others } = rest;
  const { priorityClassName, runtimeClassName, ...same } = others;
  const placement = present({
    ...{ affinity, nodeSelector, tolerations, topologySpreadConstraints, priorityClassName, runtimeClassName },
  });
  const pattern: Draft<Unscaled> = {
    apiVersion: `${PrismPattern.group}/${PrismPattern.version}`,
    kind: PrismPattern.kind,
    metadata: patternMetadata(namespace, dedicatedName(namespace, name)),
    spec: {
      ...same,
      ...{ cluster: namespace.spec.cluster, type: runnerOf(like), workload, prismNamespace: namespace.metadata.name },
      backends: backends.map((backend) => ({ name: backend })),
      podLabels: { ...podLabels, [prismNamespaceLabel]: namespace.metadata.name },
      ...(storage !== undefined && { storage: volumeLike(storage) }),
      ...(Object.keys(placement).length > 0 && { placement }),
    },
  };
  return pattern as Draft<PrismPattern>; // the API server fills in the number of pods where nobody has
}

type Unscaled = Omit<PrismPattern, 'spec'> & { readonly spec: Omit<PrismPatternSpec, 'replicas'> };

/** The name of the PrismPattern that is made for a namespace like one of its cluster. */
export function dedicatedName({ metadata }: PrismNamespace, pattern: string): string {
  return shortened(`${metadata.name}-${pattern}`, longestName);
}

/** The cluster, whose fence there is around it, is told whom to let in. */
function patternMetadata(namespace: PrismNamespace, name: string): ChildMetadata {
  const metadata = namespaceChild(namespace, name);
  if (namespace.spec.isolation === 'none') return metadata;
  return { ...metadata, labels: { ...metadata.labels, [closedToLabel]: namespace.metadata.name } };
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
