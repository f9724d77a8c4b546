import type { Affinity, PodAntiAffinity, TopologySpreadConstraint } from '@capstan/kube';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { selectorLabels } from './labels.ts';

/** The affinity given, with brokers kept on different nodes where possible unless the resource says otherwise. */
export function affinityOf(cluster: StreamBusCluster): Affinity {
  return { podAntiAffinity: brokersApart(cluster), ...cluster.spec.affinity };
}

/** Preferred, not required: a cluster of three must also start where there is one node. */
function brokersApart(cluster: StreamBusCluster): PodAntiAffinity {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: selectorLabels(cluster) },
  };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

/** The constraints given; one that says nothing of which pods it counts counts the brokers of this cluster. */
export function topologySpreadOf(cluster: StreamBusCluster): readonly TopologySpreadConstraint[] | undefined {
  const labelSelector = { matchLabels: selectorLabels(cluster) };
  return cluster.spec.topologySpreadConstraints?.map((constraint) => ({ labelSelector, ...constraint }));
}
