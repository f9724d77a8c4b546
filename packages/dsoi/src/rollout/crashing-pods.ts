import type { Pod } from '@capstan/kube';
import { podsTrouble } from '@capstan/runtime';

/** Words of the kubelet after which more waiting rarely helps. */
const crashes: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'OOMKilled',
  'Error',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/**
 * Why the pods of a node do not come up, as the `crashOf` of a plan; `undefined` when they do or may still.
 * A pod that fits on no node waits for room: that holds the roll-out like any pod that is not ready, and is no crash.
 *
 * @example
 * ```ts
 * crashingPods([]) // undefined
 * ```
 */
export function crashingPods(pods: readonly Pod[]): string | undefined {
  const trouble = podsTrouble(pods).find(({ reason }) => crashes.has(reason));
  if (trouble === undefined) return undefined;
  const { pod, container, reason, message } = trouble;
  return `${pod}${container === undefined ? '' : ` (${container})`}: ${reason}, ${message}`;
}
