import type { StatefulSet } from '@capstan/kube';
import { type Contest, type Failure, type Rollout, rolloutOf } from '@capstan/runtime';
import type { StreamBusCluster, StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from '../judge/guard.ts';

/** What one pass decided and what came of it. */
export interface Findings {
  readonly refusal?: Refusal;
  readonly failures: readonly Failure[];
  readonly contests: readonly Contest[];
}

/** All that the conditions are made of. */
export interface Situation extends Findings {
  /** Absent where the spec is not even of the right shape; nothing may be read from it then. */
  readonly spec?: StreamBusClusterSpec;
  /** Brokers there should be: the size the cluster was started with, whatever a refused spec says. */
  readonly size: number;
  readonly rollout: Rollout;
  /** All brokers were ready together, now or at some time before. */
  readonly initialized: boolean;
}

/** Puts the findings of a pass beside what the StatefulSet shows and what the status before remembers. */
export function situationOf(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  findings: Findings,
): Situation {
  const { conditions = [], bootstrapReplicas } = cluster.status ?? {};
  const spec = findings.refusal?.reason === 'SpecInvalid' ? undefined : cluster.spec;
  const size = bootstrapReplicas ?? statefulSet?.spec?.replicas ?? spec?.replicas ?? 0;
  const rollout = rolloutOf(statefulSet, { wanted: size });
  const wasInitialized = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True');
  const initialized = wasInitialized || rollout.state === 'Complete';
  return { ...findings, ...(spec !== undefined && { spec }), size, rollout, initialized };
}
