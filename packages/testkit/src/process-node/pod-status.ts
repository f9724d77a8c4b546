import type { Pod } from '@capstan/kube';

/** What became of a pod's process. */
export type ProcessState =
  | { readonly is: 'waiting'; readonly why: string; readonly at: Date; readonly restarts: number }
  | { readonly is: 'running'; readonly ready: boolean; readonly since: Date; readonly restarts: number }
  | { readonly is: 'ended'; readonly code: number; readonly at: Date; readonly restarts: number };

/** The status of a pod as its kubelet would write it. Pure. */
export function podStatus({ spec, status }: Pod, state: ProcessState): object {
  const isReady = state.is === 'running' && state.ready;
  const now = (state.is === 'running' ? state.since : state.at).toISOString();
  const condition = (type: string, isTrue: boolean) => {
    const before = status?.conditions?.find((each) => each.type === type);
    const value = isTrue ? 'True' : 'False';
    const lastTransitionTime = before?.status === value ? before.lastTransitionTime : now;
    return { type, status: value, ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  };
  const others = (status?.conditions ?? []).filter(({ type }) => type === 'PodScheduled');
  return {
    phase: phaseOf(state),
    podIP: '127.0.0.1',
    podIPs: [{ ip: '127.0.0.1' }],
    hostIP: '127.0.0.1',
    startTime: status?.startTime ?? now,
    conditions: [
      ...others,
      condition('Initialized', true),
      condition('ContainersReady', isReady),
      condition('Ready', isReady),
    ],
    containerStatuses: (spec?.containers ?? []).map(({ name, image = '' }) => ({
      ...{ name, image, imageID: '', ready: isReady, started: state.is === 'running' },
      restartCount: state.restarts,
      state: containerState(state, now),
    })),
  };
}

function phaseOf(state: ProcessState): string {
  if (state.is !== 'ended') return state.is === 'running' ? 'Running' : 'Pending';
  return state.code === 0 ? 'Succeeded' : 'Failed';
}

function containerState(state: ProcessState, now: string): object {
  if (state.is === 'running') return { running: { startedAt: now } };
  if (state.is === 'waiting') return { waiting: { reason: 'CreateContainerConfigError', message: state.why } };
  const reason = state.code === 0 ? 'Completed' : 'Error';
  return { terminated: { exitCode: state.code, reason, startedAt: now, finishedAt: now } };
}
