import type { ContainerStatus, Pod } from '@capstan/kube';

/** What keeps one pod, or one container of it, from running. */
export interface PodTrouble {
  readonly pod: string;
  /** Absent where the pod as a whole is concerned. */
  readonly container?: string;
  /** The kubelet's or the scheduler's word, such as `CrashLoopBackOff`, `ImagePullBackOff`, `OOMKilled`, `Unschedulable`. */
  readonly reason: string;
  readonly message: string;
  /** Of the container so far. */
  readonly restarts: number;
}

/** Waiting for these ends by itself, in a moment. */
const ordinaryWaits: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * Finds the pods that will not run without help, sorted by pod: containers that crash again and again or were killed for
 * memory, images that cannot be pulled, configuration that is missing, pods that fit on no node or were evicted. Pure.
 *
 * Workloads do not show this; an operator that wants it watches pods with their status.
 */
export function podsTrouble(pods: readonly Pod[]): readonly PodTrouble[] {
  return pods.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name, 'en')).flatMap(troubleOf);
}

function troubleOf(pod: Pod): readonly PodTrouble[] {
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  const whole = podAsAWhole(pod);
  if (whole !== undefined) return [whole];
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].flatMap((status) => containerTrouble(pod, status) ?? []);
}

function podAsAWhole({ metadata: { name: pod }, status }: Pod): PodTrouble | undefined {
  if (status?.phase === 'Failed')
    return { pod, reason: status.reason ?? 'Failed', message: status.message ?? 'the pod has failed', restarts: 0 };
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { pod, reason: 'Unschedulable', message: scheduled.message ?? 'no node fits', restarts: 0 };
}

function containerTrouble(pod: Pod, status: ContainerStatus): PodTrouble | undefined {
  const { name: container, restartCount: restarts, state = {}, lastState } = status;
  const at = { pod: pod.metadata.name, container, restarts };
  const last = lastState?.terminated;
  const waitsFor = state.waiting?.reason;
  if (waitsFor !== undefined && !ordinaryWaits.has(waitsFor)) {
    // What the kubelet waits for says less than why the container ended before.
    const isOutOfMemory = last?.reason === 'OOMKilled';
    const message = endOf(last) ?? state.waiting?.message ?? 'the container does not start';
    return { ...at, reason: isOutOfMemory ? 'OOMKilled' : waitsFor, message };
  }
  const ended = state.terminated ?? (status.ready ? undefined : last);
  if (ended?.reason === 'OOMKilled') return { ...at, reason: 'OOMKilled', message: endOf(ended) ?? '' };
  const hasFailed = state.terminated !== undefined && state.terminated.exitCode !== 0;
  if (!hasFailed) return undefined;
  return { ...at, reason: state.terminated?.reason ?? 'Error', message: endOf(state.terminated) ?? '' };
}

/** Exit codes and the kubelet's word; never the termination message, which holds the end of a log. */
function endOf(ended: { readonly exitCode: number; readonly reason?: string } | undefined): string | undefined {
  if (ended === undefined) return undefined;
  const limit = ended.reason === 'OOMKilled' ? ', killed at its memory limit' : '';
  return `the container ended with exit code ${ended.exitCode}${limit}`;
}
