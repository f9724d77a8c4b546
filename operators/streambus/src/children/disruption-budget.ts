import type { Draft, PodDisruptionBudget } from '@capstan/kube';
import { podDisruptionBudget } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/** A drain takes one broker at a time: two at once can cost a cluster of three its quorum. */
export function disruptionBudget(cluster: StreamBusCluster): Draft<PodDisruptionBudget> {
  const metadata = childMetadata(cluster, namesOf(cluster).disruptionBudget);
  return podDisruptionBudget(metadata, { selector: selectorLabels(cluster), maxUnavailable: 1 });
}
