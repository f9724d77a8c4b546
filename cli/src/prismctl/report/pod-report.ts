import type { Pod } from '@capstan/kube';
import { podsTrouble } from '@capstan/runtime';

/** One pod. What is not known is null. */
export interface PodReport {
  readonly name: string;
  readonly ready: boolean;
  /** `Ready`, `NotReady`, `Terminating`, `Completed`, or what it waits for: `ImagePullBackOff`, `Unschedulable` ... */
  readonly state: string;
  /** Why it will not run without help. */
  readonly message: string | null;
  /** Of all its containers together. */
  readonly restarts: number;
  readonly node: string | null;
  /** RFC 3339. */
  readonly createdAt: string | null;
}

/** Reads a pod. Pure. */
export function podReport(pod: Pod): PodReport {
  const { metadata, spec, status } = pod;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  const [trouble] = ready ? [] : podsTrouble([pod]);
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    name: metadata.name,
    ready,
    state: trouble?.reason ?? stateOf(pod, ready),
    message: trouble?.message ?? null,
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    node: spec?.nodeName ?? null,
    createdAt: metadata.creationTimestamp ?? null,
  };
}

function stateOf({ metadata, status }: Pod, ready: boolean): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (ready) return 'Ready';
  if (status?.phase === 'Succeeded') return 'Completed';
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
    ({ state }) => state?.waiting?.reason !== undefined,
  );
  return waiting?.state?.waiting?.reason ?? (status?.phase === 'Running' ? 'NotReady' : (status?.phase ?? 'Unknown'));
}
