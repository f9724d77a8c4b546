import type { Condition, StatefulSet } from '@capstan/kube';
import { type ChildAction, type Contest, type Failure, type Outcome, type Rollout, rolloutOf } from '@capstan/runtime';
import type { StreamBusCluster, StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerPod } from '../brokers/broker-pod.ts';
import type { Leadership } from '../brokers/leadership.ts';
import type { Refusal } from '../judge/guard.ts';
import type { Progress, ReBootstrap } from '../rebootstrap/advance.ts';
import { sizeOptedFor } from '../rebootstrap/opt-in.ts';
import type { Decision } from '../rollout/rollout.ts';
import type { SecretFinding } from '../secrets/secret-check.ts';
import type { TenancyReport } from '../tenancy/enforcement.ts';

/** What one pass decided and what came of it. */
export interface Findings {
  readonly refusal?: Refusal;
  readonly children: Outcome['children'];
  readonly failures: readonly Failure[];
  readonly contests: readonly Contest[];
  readonly pods: readonly BrokerPod[];
  readonly leadership: Leadership;
  /** Absent in a pass that refused the spec. */
  readonly decision?: Decision;
  readonly secretProblems: readonly SecretFinding[];
  /** Absent without multi-tenancy. */
  readonly tenancy?: TenancyReport;
  readonly isTenantApiUnknown?: boolean;
  /** When the first certificate expires, in ms since 1970. */
  readonly certificatesEnd?: number;
  /** Where a cluster stands that is bootstrapped anew. */
  readonly progress?: Partial<Progress>;
}

/** All that the conditions are made of. */
export interface Situation extends Findings {
  /** Absent where the spec is not even of the right shape; nothing may be read from it then. */
  readonly spec?: StreamBusClusterSpec;
  readonly name: string;
  /** RFC 3339. */
  readonly now: string;
  /** Brokers there should be: the size the cluster was started with, whatever a refused spec says. */
  readonly size: number;
  readonly rollout: Rollout;
  /** All brokers were ready together, now or at some time before. */
  readonly initialized: boolean;
  /** A roll-out was under way when the status was last written; it ends when every broker serves. */
  readonly wasRolling: boolean;
  /** Everything was written as the plan says, and every broker there is was made from it. */
  readonly isCarriedOut: boolean;
  /** What was last said of the quorum. */
  readonly quorumBefore?: Condition;
  readonly reBootstrap?: ReBootstrap;
  /** The size that the user has opted for and not asked for yet. */
  readonly offered?: number;
}

/** Puts the findings of a pass beside what the StatefulSet shows and what the status before remembers. */
export function situationOf(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  findings: Findings,
  now: string,
): Situation {
  const { conditions = [], bootstrapReplicas } = cluster.status ?? {};
  const spec = findings.refusal?.reason === 'SpecInvalid' ? undefined : cluster.spec;
  const running = statefulSet?.spec?.replicas;
  const fixed = findings.progress?.bootstrapReplicas ?? bootstrapReplicas ?? running ?? spec?.replicas ?? 0;
  const size = spec?.raft.membership === 'Dynamic' ? spec.replicas : fixed;
  const rollout = asPodsShow(rolloutOf(statefulSet, { wanted: size }), findings, size);
  const wasInitialized = isTrue(conditions, 'Initialized');
  const wasRolling = isTrue(conditions, 'Reconciling', 'RollingUpdate');
  const quorumBefore = conditions.find(({ type }) => type === 'QuorumHealthy');
  const initialized = wasInitialized || rollout.state === 'Complete';
  const reBootstrap = findings.progress?.reBootstrap;
  const offered = sizeOptedFor(cluster);
  return {
    ...findings,
    ...(spec !== undefined && { spec }),
    ...{ name: cluster.metadata.name, now, size, rollout, initialized, wasRolling },
    isCarriedOut: isCarriedOut(findings),
    ...(quorumBefore !== undefined && { quorumBefore }),
    ...(reBootstrap !== undefined && { reBootstrap }),
    ...(offered !== undefined && { offered }),
  };
}

/** Brokers that are away for a moment come back as they were; one that is outdated, or a child that could not be written, is not there. */
function isCarriedOut({ refusal, failures, contests, children, decision }: Findings): boolean {
  if (refusal !== undefined || failures.length > 0 || contests.length > 0) return false;
  const isPending = children.some(({ action }) => pending.includes(action));
  return !isPending && decision?.restart.kind === 'Done';
}

const pending: readonly ChildAction[] = ['Held', 'Failed', 'Contested', 'Terminating', 'Recreating'];

function isTrue(conditions: readonly Condition[], type: string, reason?: string): boolean {
  const found = conditions.find((condition) => condition.type === type);
  return found?.status === 'True' && (reason === undefined || found.reason === reason);
}

/**
 * The StatefulSet counts a pod that somebody deleted as one that is not updated, although every pod there is runs the present spec;
 * and it may say that all is well before the pods do. A cluster runs when both agree.
 */
function asPodsShow(rollout: Rollout, { pods, decision }: Findings, size: number): Rollout {
  if (rollout.state === 'InProgress' && rollout.isUpdating && decision?.restart.kind === 'Done')
    return { ...rollout, isUpdating: false };
  const ready = pods.filter(({ isReady, isTerminating }) => isReady && !isTerminating).length;
  if (rollout.state !== 'Complete' || pods.length === 0 || ready >= size) return rollout;
  return { ...rollout, state: 'InProgress', isUpdating: false, message: `${ready} of ${size} ready`, ready };
}
