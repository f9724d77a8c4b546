import type { DaemonSet, Deployment, Job, KubeObject, Pod, StatefulSet } from '@capstan/kube';
import { fieldOf, isRecord } from '../engine/json-value.ts';

/** How many replicas there are of what is wanted. */
export interface ReplicaCounts {
  /** Replicas made from the present template. */
  readonly updated: number;
  /** Replicas that serve: ready, for as long as `minReadySeconds` asks. */
  readonly ready: number;
  readonly wanted: number;
}

/**
 * How far a workload is on its way to what its spec says.
 *
 * - `Absent`: it is not there.
 * - `InProgress`: its controller is at work, or waits for pods. `isUpdating` while some replicas may still run a template
 *   before the present one; otherwise the template is everywhere and not every replica serves (yet, or any more).
 * - `Stalled`: its controller has given up; only a new spec helps.
 */
export type Rollout =
  | { readonly state: 'Absent' }
  | ({ readonly state: 'Complete' } & ReplicaCounts)
  | ({ readonly state: 'InProgress'; readonly isUpdating: boolean; readonly message: string } & ReplicaCounts)
  | ({ readonly state: 'Stalled'; readonly reason: string; readonly message: string } & ReplicaCounts);

export interface RolloutOptions {
  /** Replicas there should be, where that is not what the workload's own spec says (yet). */
  readonly wanted?: number | undefined;
}

/**
 * Reads the progress of a StatefulSet, Deployment, DaemonSet, Job or Pod from its status; any other object is judged by its
 * `observedGeneration` and its conditions `Stalled`, `Reconciling` and `Ready`, and is complete where it has none of them.
 *
 * Counts of a generation that its controller has not looked at are not believed. A StatefulSet's revisions are looked at as
 * well: a deleted pod lowers `updatedReplicas` just as a roll-out does. Crashes are not visible in workloads: see
 * {@link podsTrouble}.
 *
 * @throws {Error} when a workload was watched for its metadata only, and its status is not known
 * @see https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function rolloutOf(live: KubeObject | undefined, options: RolloutOptions = {}): Rollout {
  if (live === undefined) return { state: 'Absent' };
  const read = readers[`${live.apiVersion}/${live.kind}`];
  if (read === undefined) return standardRollout(live);
  if (!('spec' in live)) {
    const { kind } = live;
    const { name } = live.metadata;
    throw new Error(
      `${kind}/${name} is watched for its metadata only: declare ownedWithStatus(${kind}) to read its rollout`,
    );
  }
  return read(live, options.wanted);
}

type Reader = (live: KubeObject, wanted: number | undefined) => Rollout;

/** The kind was looked at, so the object is of that type. */
const readers: Readonly<Record<string, Reader>> = {
  'apps/v1/StatefulSet': (live, wanted) => statefulSetRollout(live as StatefulSet, wanted),
  'apps/v1/Deployment': (live, wanted) => deploymentRollout(live as Deployment, wanted),
  'apps/v1/DaemonSet': (live, wanted) => daemonSetRollout(live as DaemonSet, wanted),
  'batch/v1/Job': (live) => jobRollout(live as Job),
  'v1/Pod': (live) => podRollout(live as Pod),
};

function statefulSetRollout(set: StatefulSet, asked: number | undefined): Rollout {
  const { spec, status } = set;
  const wanted = asked ?? spec?.replicas ?? 1;
  const {
    readyReplicas = 0,
    availableReplicas = 0,
    updatedReplicas = 0,
    currentRevision,
    updateRevision,
  } = status ?? {};
  const ready = (spec?.minReadySeconds ?? 0) > 0 ? availableReplicas : readyReplicas;
  const strategy = spec?.updateStrategy;
  // Under OnDelete, and while a partition holds some pods back, the revisions never become one; the count must do.
  const partition = Math.min(strategy?.rollingUpdate?.partition ?? 0, wanted);
  const ownsTheRoll = strategy?.type !== 'OnDelete' && partition === 0;
  const differs = currentRevision !== updateRevision;
  if ((status?.observedGeneration ?? 0) === 0) return waiting({ updated: 0, ready: 0, wanted });
  if (!isSeen(set)) return updating({ updated: 0, ready, wanted });
  const counts = { updated: updatedReplicas, ready, wanted };
  const hasRolled = ownsTheRoll ? !differs : updatedReplicas >= wanted - partition;
  if (!hasRolled) return updating(counts);
  // A pod that replaces a deleted one may count as ready before it counts as updated, and the other way round.
  const serving = ownsTheRoll ? Math.min(ready, updatedReplicas) : ready;
  return serving < wanted ? waiting({ ...counts, ready: serving }) : complete(counts);
}

function deploymentRollout(deployment: Deployment, asked: number | undefined): Rollout {
  const { spec, status } = deployment;
  const wanted = asked ?? spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  const counts = { updated: updatedReplicas, ready: Math.min(availableReplicas, updatedReplicas), wanted };
  if (!isSeen(deployment)) return updating({ ...counts, updated: 0, ready: availableReplicas });
  const progressing = conditionOf(deployment, 'Progressing');
  if (progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded')
    return stalled(
      'ProgressDeadlineExceeded',
      progressing.message ?? 'no progress within progressDeadlineSeconds',
      counts,
    );
  const failure = conditionOf(deployment, 'ReplicaFailure');
  if (failure?.status === 'True') return inProgress(true, failure.message ?? 'a pod could not be created', counts);
  if (updatedReplicas < wanted || replicas > updatedReplicas) return updating({ ...counts, ready: availableReplicas });
  return counts.ready < wanted ? waiting(counts) : complete(counts);
}

function daemonSetRollout(daemonSet: DaemonSet, asked: number | undefined): Rollout {
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = daemonSet.status ?? {};
  const counts = { updated: updatedNumberScheduled, ready: numberAvailable, wanted: asked ?? desiredNumberScheduled };
  if (!isSeen(daemonSet)) return updating({ ...counts, updated: 0 });
  if (counts.updated < counts.wanted) return updating(counts);
  return counts.ready < counts.wanted ? waiting(counts) : complete(counts);
}

/** A Job is complete when it has finished its work; its replicas are its completions. */
function jobRollout(job: Job): Rollout {
  const { completions, parallelism, suspend } = job.spec ?? {};
  const { succeeded = 0, active = 0 } = job.status ?? {};
  const counts = { updated: succeeded + active, ready: succeeded, wanted: completions ?? parallelism ?? 1 };
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True')
    return stalled(failed.reason ?? 'Failed', failed.message ?? 'the Job has failed', counts);
  if (conditionOf(job, 'Complete')?.status === 'True') return complete(counts);
  if (suspend === true) return inProgress(false, 'the Job is suspended', counts);
  return inProgress(false, `${counts.ready} of ${counts.wanted} completed`, counts);
}

function podRollout(pod: Pod): Rollout {
  const counts = { updated: 1, ready: 0, wanted: 1 };
  const { phase, reason, message } = pod.status ?? {};
  if (phase === 'Succeeded') return complete({ ...counts, ready: 1 });
  if (phase === 'Failed') return stalled(reason ?? 'PodFailed', message ?? 'the pod has failed', counts);
  return conditionOf(pod, 'Ready')?.status === 'True' ? complete({ ...counts, ready: 1 }) : waiting(counts);
}

function standardRollout(live: KubeObject): Rollout {
  const counts = { updated: 1, ready: 0, wanted: 1 };
  if (statusField(live, 'observedGeneration') !== undefined && !isSeen(live))
    return updating({ ...counts, updated: 0 });
  const stall = conditionOf(live, 'Stalled');
  if (stall?.status === 'True') return stalled(stall.reason ?? 'Stalled', stall.message ?? 'it is stalled', counts);
  const reconciling = conditionOf(live, 'Reconciling');
  if (reconciling?.status === 'True') return inProgress(true, reconciling.message ?? 'it is being reconciled', counts);
  const ready = conditionOf(live, 'Ready');
  if (ready !== undefined && ready.status !== 'True')
    return inProgress(false, ready.message ?? 'it is not ready', counts);
  return complete({ ...counts, ready: 1 });
}

/** False while the controller has not looked at the latest spec; its counts are of the one before. */
function isSeen(live: KubeObject): boolean {
  const observed = statusField(live, 'observedGeneration');
  return (typeof observed === 'number' ? observed : 0) >= (live.metadata.generation ?? 0);
}

interface LiveCondition {
  readonly status: unknown;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

function conditionOf(live: KubeObject, type: string): LiveCondition | undefined {
  const conditions = statusField(live, 'conditions');
  const found = Array.isArray(conditions) ? conditions.find((each) => fieldOf(each, 'type') === type) : undefined;
  if (!isRecord(found)) return undefined;
  return { status: found['status'], reason: text(found['reason']), message: text(found['message']) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function statusField(live: KubeObject, key: string): unknown {
  return fieldOf(fieldOf(live, 'status'), key);
}

function complete(counts: ReplicaCounts): Rollout {
  return { state: 'Complete', ...counts };
}

function updating(counts: ReplicaCounts): Rollout {
  return inProgress(true, `${counts.updated} of ${counts.wanted} updated, ${counts.ready} ready`, counts);
}

function waiting(counts: ReplicaCounts): Rollout {
  return inProgress(false, `${counts.ready} of ${counts.wanted} ready`, counts);
}

function inProgress(isUpdating: boolean, message: string, counts: ReplicaCounts): Rollout {
  return { state: 'InProgress', isUpdating, message, ...counts };
}

function stalled(reason: string, message: string, counts: ReplicaCounts): Rollout {
  return { state: 'Stalled', reason, message, ...counts };
}
