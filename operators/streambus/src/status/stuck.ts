import type { BrokerPod } from '../brokers/broker-pod.ts';

/** How long a pod may take to become ready before it is called stuck, in ms; brokers were seen to take a few seconds. */
const stuckAfterMs = 180_000;

/** How long after its grace period a pod may take to go, in ms; a kubelet that is alive needs seconds. */
const lingersAfterMs = 60_000;

/** The first pod that will not become ready by waiting, has been expected for too long, or does not go. Pure. */
export function stuckPod(pods: readonly BrokerPod[], now: string): BrokerPod | undefined {
  const late = pods.filter(({ isReady, isTerminating }) => !isReady && !isTerminating);
  return late.find(isHopeless) ?? late.find((pod) => hasWaited(pod, now)) ?? pods.find((pod) => lingers(pod, now));
}

function lingers({ dueToGo }: BrokerPod, now: string): boolean {
  return dueToGo !== undefined && Date.parse(now) - Date.parse(dueToGo) >= lingersAfterMs;
}

/** Volumes are bound and nodes are added while a pod waits for its place; everything else does not mend itself. */
function isHopeless({ trouble }: BrokerPod): boolean {
  return trouble !== undefined && trouble.reason !== 'Unschedulable';
}

function hasWaited({ notReadySince = '' }: BrokerPod, now: string): boolean {
  return Date.parse(now) - Date.parse(notReadySince) >= stuckAfterMs;
}

/** Words that the kubelet changes between at each attempt, and that mean the same. */
const sameThing: Readonly<Record<string, string>> = { ErrImagePull: 'ImagePullBackOff' };

/** Which pod, why, and since when; the same text as long as nothing changes. */
export function stuckText({ name, trouble, notReadySince, hasStarted, dueToGo }: BrokerPod): string {
  if (dueToGo !== undefined)
    return `${name} should have gone by ${dueToGo} and has not: its node may be lost. When you know that the node is off, delete the pod by force`;
  const since = notReadySince === undefined ? '' : ` since ${notReadySince}`;
  if (trouble === undefined)
    return `${name} has not been ready${since}, ${hasStarted ? 'although its broker runs' : 'and its broker has not started'}`;
  const reason = sameThing[trouble.reason] ?? trouble.reason;
  if (reason === 'ImagePullBackOff')
    return `${name} has not been ready${since}: ${reason}, the image of container ${trouble.container ?? '?'} cannot be pulled`;
  const container = trouble.container === undefined ? '' : ` (container ${trouble.container})`;
  return `${name} has not been ready${since}: ${reason}${container}, ${trouble.message}`;
}
