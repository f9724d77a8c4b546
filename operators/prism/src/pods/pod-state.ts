import type { Pod } from '@capstan/kube';
import { type PodTrouble, podsTrouble } from '@capstan/runtime';
import { componentLabel } from './watched-pods.ts';

/** One pod of a cluster, as far as anybody here needs to know. */
export interface PodState {
  readonly name: string;
  /** The requirement's name of what it is part of, such as `keyvalue-runner`. */
  readonly component: string;
  /** Absent until the kubelet has given it one. */
  readonly ip?: string;
  readonly isReady: boolean;
  readonly isTerminating: boolean;
  /** RFC 3339: since when it has not been ready; absent while it is. */
  readonly notReadySince?: string;
  /** Why it will not run without help. */
  readonly trouble?: PodTrouble;
}

/** Reads a pod. */
export function podStateOf(pod: Pod): PodState {
  const { metadata, status } = pod;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  const notReadySince = ready?.lastTransitionTime ?? metadata.creationTimestamp;
  const [trouble] = podsTrouble([pod]);
  return {
    name: metadata.name,
    component: metadata.labels?.[componentLabel] ?? '',
    ...(status?.podIP !== undefined && { ip: status.podIP }),
    isReady,
    isTerminating: metadata.deletionTimestamp !== undefined,
    ...(!isReady && notReadySince !== undefined && { notReadySince }),
    ...(!isReady && trouble !== undefined && { trouble }),
  };
}

/** How long pods may take to become ready before they are called stuck, in ms: a runner that waits for its backend crashes a few times. */
export const startsWithinMs = 180_000;

/** Words of the kubelet that waiting does not help against. */
const hopeless: ReadonlySet<string> = new Set([
  ...['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError'],
  ...['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'],
]);

/** Whether a pod will not become ready by waiting, or has been expected for too long. */
export function isStuck({ isReady, isTerminating, trouble, notReadySince }: PodState, now: string): boolean {
  if (isReady || isTerminating) return false;
  if (trouble !== undefined && hopeless.has(trouble.reason)) return true;
  return notReadySince !== undefined && Date.parse(now) - Date.parse(notReadySince) >= startsWithinMs;
}

/** Words that the kubelet changes between at each attempt, and that mean the same. */
const sameThing: Readonly<Record<string, string>> = { ErrImagePull: 'ImagePullBackOff', Error: 'CrashLoopBackOff' };

/** What keeps a pod from being ready, in a text that stays the same as long as nothing changes. */
export function podText({ name, trouble }: PodState): string {
  if (trouble === undefined) return `${name} is not ready`;
  const reason = sameThing[trouble.reason] ?? trouble.reason;
  const container = trouble.container === undefined ? '' : ` of container ${trouble.container}`;
  if (reason === 'ImagePullBackOff') return `${name}: ImagePullBackOff, the image${container} cannot be pulled`;
  return `${name}: ${reason}${container}, ${trouble.message}`;
}
