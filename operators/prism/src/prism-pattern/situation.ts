import { conditionOf, type Failure, type Outcome, rolloutOf } from '@capstan/runtime';
import { patternGenerationAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { type PatternStanding, standingOf } from '../children/pattern-standing.ts';
import { runnerName } from '../names.ts';
import type { ObservedPattern } from './observe.ts';
import type { Scaler } from './scaling/scaler.ts';
import type { ScalingState } from './scaling/scaling.ts';
import { type PresentScalers, presentScaler } from './scaling/stage.ts';
import type { Verdict } from './verdict.ts';

/** What one pass found, and what came of it. */
export interface PatternFindings {
  readonly observed: ObservedPattern;
  /** What there is of autoscalers after the pass. */
  readonly present: PresentScalers;
  /** Absent where the pattern is not carried out. */
  readonly scaling?: ScalingState;
  readonly failures: readonly Failure[];
  readonly children: Outcome['children'];
}

/** How many pods there are, as the workload itself says. */
export interface PodCounts {
  readonly wanted: number;
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
}

/** All that the conditions of a pattern are made of. */
export interface PatternSituation extends PatternFindings {
  readonly pattern: PrismPattern;
  readonly cluster: PrismCluster | undefined;
  readonly accepted: Extract<Verdict, { kind: 'Accepted' }> | undefined;
  /** Whether its cluster runs it; absent where it is not accepted. */
  readonly standing: PatternStanding | undefined;
  /** Absent while nothing runs it. */
  readonly counts: PodCounts | undefined;
  /** The cluster has made the workload match this generation of the pattern. */
  readonly isCarriedOut: boolean;
  readonly isUpdating: boolean;
  /** What the cluster says of its pods; absent where it says nothing. */
  readonly told: string | undefined;
  readonly scaler: Scaler;
}

/** Puts beside each other what is known of a pattern. Pure. */
export function patternSituation(pattern: PrismPattern, findings: PatternFindings): PatternSituation {
  const { finding, verdict, workload } = findings.observed;
  const cluster = finding.kind === 'Found' ? finding.cluster : undefined;
  const accepted = verdict?.kind === 'Accepted' ? verdict : undefined;
  const rollout = rolloutOf(workload);
  return {
    ...findings,
    ...{ pattern, cluster, accepted, counts: countsOf(findings.observed) },
    standing: cluster && accepted && standingOf(cluster, accepted.pattern, { findings: new Map() }),
    isCarriedOut:
      workload?.kind === pattern.spec?.workload &&
      workload?.metadata.annotations?.[patternGenerationAnnotation] === `${pattern.metadata.generation}`,
    isUpdating: rollout.state === 'InProgress' && rollout.isUpdating,
    told: toldOf(pattern, cluster),
    // Without its cluster nothing is known of it, and it is left alone.
    scaler: cluster === undefined ? (pattern.status?.scaler ?? 'none') : presentScaler(findings.present),
  };
}

function countsOf({ workload }: ObservedPattern): PodCounts | undefined {
  const rollout = rolloutOf(workload);
  if (workload === undefined || rollout.state === 'Absent') return undefined;
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = workload.status ?? {};
  return { wanted: rollout.wanted, replicas, ready: readyReplicas, available: availableReplicas };
}

function toldOf({ metadata }: PrismPattern, cluster: PrismCluster | undefined): string | undefined {
  return cluster?.status?.patternStatus?.find(({ name }) => name === runnerName(metadata.name))?.message;
}

/** Why its cluster is not carried out itself; `undefined` where it is. */
export function clusterRefusal({ cluster, observed: { verdict } }: PatternSituation): string | undefined {
  if (cluster?.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  const condition = conditionOf(cluster?.status?.conditions, 'Accepted');
  if (condition?.status === 'False') return condition.message;
  return cluster !== undefined && verdict === undefined ? 'its spec cannot be read' : undefined;
}
