import type { StatefulSet } from '@capstan/kube';
import { minutes, seconds, setConditions } from '@capstan/runtime';
import { conditionalTypes } from './api/v1alpha1/conditions.ts';
import type { StreamBusCluster, StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { selectorText } from './children/labels.ts';
import { brokerHost, ordinalsOf } from './children/names.ts';
import { conditionsOf } from './status/conditions.ts';
import { phaseOf } from './status/phase.ts';
import { type Findings, situationOf } from './status/situation.ts';

/** Status fields that follow the pods one by one: how long a change of nothing else may wait. */
export const unhurried = { readyReplicas: seconds(5), replicas: minutes(1) };

/**
 * The status of a cluster, from what one pass found and the StatefulSet as it is after it.
 *
 * @param now RFC 3339; becomes the time of the conditions that change
 */
export function statusOf(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  findings: Findings,
  now: string,
): StreamBusClusterStatus {
  const wanted = conditionsOf(situationOf(cluster, statefulSet, findings));
  const generation = observedGeneration(cluster, findings);
  const seen = generation !== undefined && { observedGeneration: generation };
  return {
    ...cluster.status,
    phase: phaseOf(wanted),
    conditions: setConditions(cluster.status?.conditions, wanted, { now, owned: conditionalTypes, ...seen }),
    ...seen,
    ...podCounts(statefulSet),
    ...(findings.refusal === undefined && addresses(cluster)),
    ...firstStart(cluster, statefulSet),
  };
}

/** The generation moves on when it is carried out or refused, not while a write for it is being tried again. */
function observedGeneration({ metadata, status }: StreamBusCluster, { failures }: Findings): number | undefined {
  return failures.some(({ terminal }) => !terminal) ? status?.observedGeneration : metadata.generation;
}

function podCounts(statefulSet: StatefulSet | undefined): Pick<StreamBusClusterStatus, 'replicas' | 'readyReplicas'> {
  const { replicas = 0, readyReplicas = 0 } = statefulSet?.status ?? {};
  return { replicas, readyReplicas };
}

/** A refused spec says nothing of where the brokers are, so these stay as they were. */
function addresses(cluster: StreamBusCluster): Pick<StreamBusClusterStatus, 'endpoints' | 'selector'> {
  const { port } = cluster.spec.config;
  return {
    endpoints: ordinalsOf(cluster).map((ordinal) => `${brokerHost(cluster, ordinal)}:${port}`),
    selector: selectorText(cluster),
  };
}

/** The size at the first start is written once and never again. */
function firstStart(
  { status }: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
): Pick<StreamBusClusterStatus, 'bootstrapReplicas'> {
  const bootstrapReplicas = status?.bootstrapReplicas ?? statefulSet?.spec?.replicas;
  return bootstrapReplicas === undefined ? {} : { bootstrapReplicas };
}
