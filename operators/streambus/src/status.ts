import type { StatefulSet } from '@capstan/kube';
import { minutes, seconds, setConditions } from '@capstan/runtime';
import { conditionalTypes } from './api/v1alpha1/conditions.ts';
import type { StreamBusCluster, StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { selectorText } from './children/labels.ts';
import { brokerHost, ordinals } from './children/names.ts';
import { sizeOptedFor } from './rebootstrap/opt-in.ts';
import { replacementOf } from './rollout/rollout.ts';
import { conditionsOf } from './status/conditions.ts';
import { phaseOf } from './status/phase.ts';
import { type Findings, situationOf } from './status/situation.ts';

/** Status fields that follow the pods one by one: how long a change of nothing else may wait. */
export const unhurried = { readyReplicas: seconds(5), replicas: minutes(1), leader: minutes(1) };

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
  const wanted = conditionsOf(situationOf(cluster, statefulSet, findings, now));
  const generation = observedGeneration(cluster, findings);
  const seen = generation !== undefined && { observedGeneration: generation };
  const { offeredReplicas: _offered, reBootstrap: _former, ...kept } = cluster.status ?? {};
  return {
    ...kept,
    phase: phaseOf(wanted),
    conditions: setConditions(cluster.status?.conditions, wanted, { now, owned: conditionalTypes, ...seen }),
    ...seen,
    ...podCounts(statefulSet),
    ...(findings.refusal === undefined && addresses(cluster)),
    ...sizes(cluster, statefulSet, findings),
    ...leader(findings),
    ...replaced(findings, now),
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
  const { replicas, config } = cluster.spec;
  return {
    endpoints: ordinals(replicas).map((ordinal) => `${brokerHost(cluster, ordinal)}:${config.port}`),
    selector: selectorText(cluster),
  };
}

type Sizes = 'bootstrapReplicas' | 'largestReplicas' | 'offeredReplicas' | 'reBootstrap';

/** The size at the first start is written once; after that only bootstrapping anew changes it, or a broker that can. */
function sizes(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  findings: Findings,
): Pick<StreamBusClusterStatus, Sizes> {
  const { status, spec } = cluster;
  const { progress, refusal } = findings;
  const running = statefulSet?.spec?.replicas;
  // Nothing may be read from a spec that is not even of the right shape.
  const isDynamic = refusal?.reason !== 'SpecInvalid' && spec.raft.membership === 'Dynamic';
  const known = isDynamic ? (running ?? status?.bootstrapReplicas) : (status?.bootstrapReplicas ?? running);
  const bootstrapReplicas = progress?.bootstrapReplicas ?? known ?? sizeToCome(cluster, findings);
  const largest = Math.max(status?.largestReplicas ?? 0, running ?? 0);
  const offeredReplicas = sizeOptedFor(cluster);
  const reBootstrap = progress?.reBootstrap;
  return {
    ...(bootstrapReplicas !== undefined && { bootstrapReplicas }),
    ...(largest > 0 && { largestReplicas: largest }),
    ...(offeredReplicas !== undefined && { offeredReplicas }),
    ...(reBootstrap !== undefined && { reBootstrap }),
  };
}

/**
 * The size that a StatefulSet will have that is being made anew. Once the one of the original operator has gone, nothing else
 * would tell the few raft volumes that it made from those of a smaller cluster of ours.
 */
function sizeToCome({ metadata, spec }: StreamBusCluster, { children }: Findings): number | undefined {
  const set = children.find(({ child }) => child === `StatefulSet/${metadata.name}`);
  return set?.action === 'Recreating' || set?.action === 'Terminating' ? spec.replicas : undefined;
}

/** The last leader that was known: nobody is better served by an empty field while one is elected. */
function leader({ leadership }: Findings): Pick<StreamBusClusterStatus, 'leader'> {
  return 'leader' in leadership && leadership.leader !== undefined ? { leader: leadership.leader } : {};
}

function replaced({ decision }: Findings, now: string): Pick<StreamBusClusterStatus, 'leaderReplacement'> {
  const leaderReplacement = decision && replacementOf(decision, now);
  return leaderReplacement === undefined ? {} : { leaderReplacement };
}
