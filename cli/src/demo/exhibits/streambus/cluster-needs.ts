import type { NodeTaint } from '@capstan/controlplane';
import type { StreamBusCluster } from '@capstan/streambus-operator';
import type { Needs, Placement, SecretContent, SecretNeed } from '../../needs.ts';

/** Reads off a cluster what it needs: its storage class, the nodes it asks for, the Secrets it names. */
export function clusterNeeds(cluster: StreamBusCluster): Needs {
  const { spec } = cluster;
  const placement = placementOf(spec);
  return {
    storageClasses: spec.storage?.class === undefined ? [] : [spec.storage.class],
    pods: spec.replicas,
    ...(placement !== undefined && { placement }),
    secrets: secretsOf(cluster),
  };
}

function placementOf({ affinity, nodeSelector, tolerations = [] }: StreamBusCluster['spec']): Placement | undefined {
  const labels = { ...affinityLabels(affinity), ...nodeSelector };
  if (Object.keys(labels).length === 0) return undefined;
  return { labels, taints: tolerations.flatMap(toleratedTaint) };
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
  const need = (name: string | undefined, content: SecretContent): readonly SecretNeed[] =>
    name === undefined || name === '' ? [] : [{ name, content }];
  return [
    ...need(tls?.certSecretName, { kind: 'serving-certificate', hosts: hostsOf(metadata) }),
    ...need(tls?.caSecretName, { kind: 'certificate-authority' }),
    ...need(authentication?.jwtSecretName, { kind: 'random-key', key: 'jwt.key' }),
  ];
}

/** Every name that a client may reach the brokers of a cluster by. */
function hostsOf({ name, namespace = 'default' }: StreamBusCluster['metadata']): readonly [string, ...string[]] {
  const service = `${name}.${namespace}.svc`;
  return [service, `*.${name}-headless.${namespace}.svc`, `${service}.cluster.local`, ...['localhost', '127.0.0.1']];
}
