import type { NodeSpec, NodeTaint } from '@capstan/controlplane';
import type { StreamBusCluster } from '@capstan/streambus-operator';

/** A Secret that a cluster names, and what the cluster expects in it. */
export interface SecretNeed {
  readonly namespace: string;
  readonly name: string;
  readonly content: 'serving-certificate' | 'certificate-authority' | 'jwt-key';
  /** The cluster whose brokers it is for. */
  readonly cluster: string;
}

/** What must exist before clusters can run, because an operator never makes it: the platform and its owner's secrets. */
export interface World {
  readonly namespaces: readonly string[];
  readonly storageClasses: readonly string[];
  readonly nodes: readonly NodeSpec[];
  readonly secrets: readonly SecretNeed[];
}

/** Reads off clusters what world they need. Everything comes once and in the same order for the same clusters. */
export function worldFor(clusters: readonly StreamBusCluster[]): World {
  return {
    namespaces: unique(clusters.map(({ metadata }) => metadata.namespace ?? 'default')),
    storageClasses: unique(clusters.flatMap(({ spec }) => spec.storage?.class ?? [])),
    nodes: [...plainNodes(clusters), ...clusters.flatMap(placedNodes)],
    secrets: clusters.flatMap(secretsOf),
  };
}

/** As many nodes as the largest cluster has brokers, over three zones, so that any spreading can be done. */
function plainNodes(clusters: readonly StreamBusCluster[]): readonly NodeSpec[] {
  const count = Math.max(0, ...clusters.map(({ spec }) => spec.replicas));
  return numbered(count, (index) => ({ name: `general-${index + 1}`, labels: zone(index) }));
}

/** A cluster that asks for special nodes gets one per broker, kept free of others by the taint that it tolerates. */
function placedNodes({ metadata, spec }: StreamBusCluster): readonly NodeSpec[] {
  const labels = { ...affinityLabels(spec.affinity), ...spec.nodeSelector };
  if (Object.keys(labels).length === 0) return [];
  const taints = (spec.tolerations ?? []).flatMap(toleratedTaint);
  return numbered(spec.replicas, (index) => ({
    name: `${metadata.name}-node-${index + 1}`,
    labels: { ...zone(index), ...labels },
    ...(taints.length > 0 && { taints }),
  }));
}

/** Labels that satisfy the first of the required node selector terms (one is enough for the scheduler). */
function affinityLabels(affinity: StreamBusCluster['spec']['affinity']): Readonly<Record<string, string>> {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const requirements = terms[0]?.matchExpressions ?? [];
  return Object.fromEntries(
    requirements.flatMap(({ key, operator, values }) => {
      if (operator === 'In') return [[key, values?.[0] ?? '']];
      return operator === 'Exists' ? [[key, 'true']] : [];
    }),
  );
}

function toleratedTaint({
  key,
  value,
  effect,
}: NonNullable<StreamBusCluster['spec']['tolerations']>[number]): readonly NodeTaint[] {
  if (key === undefined || (effect !== 'NoSchedule' && effect !== 'PreferNoSchedule' && effect !== 'NoExecute'))
    return [];
  return [{ key, ...(value !== undefined && { value }), effect }];
}

function secretsOf({ metadata, spec }: StreamBusCluster): readonly SecretNeed[] {
  const { tls, authentication } = spec.security ?? {};
  const need = (name: string | undefined, content: SecretNeed['content']): readonly SecretNeed[] =>
    name === undefined || name === ''
      ? []
      : [{ namespace: metadata.namespace ?? 'default', name, content, cluster: metadata.name }];
  return [
    ...need(tls?.certSecretName, 'serving-certificate'),
    ...need(tls?.caSecretName, 'certificate-authority'),
    ...need(authentication?.jwtSecretName, 'jwt-key'),
  ];
}

function zone(index: number): Readonly<Record<string, string>> {
  return { 'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}` };
}

function numbered<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
