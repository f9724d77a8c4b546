import type { Rollout } from '@capstan/runtime';
import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { Situation } from './situation.ts';

/** What the brokers are doing; `undefined` when all of them run as they should and accept clients. */
export function progressOf({ rollout, initialized, size }: Situation): { reason: Reason; message: string } | undefined {
  switch (rollout.state) {
    case 'Complete':
      return undefined;
    case 'Absent':
      return { reason: 'Pending', message: 'The StatefulSet of the brokers does not exist yet.' };
    case 'InProgress':
    case 'Stalled':
      return initialized ? interruption(rollout, size) : firstStart(rollout.ready, size);
  }
}

function firstStart(ready: number, size: number): { reason: Reason; message: string } {
  const message =
    `Ready brokers: ${ready} of ${size}. A broker accepts clients once a quorum has elected a leader; ` +
    'if that takes more than a minute, look at the pods.';
  return { reason: 'Starting', message };
}

function interruption(rollout: Extract<Rollout, { ready: number }>, size: number): { reason: Reason; message: string } {
  const ready = `Ready brokers: ${rollout.ready} of ${size}.`;
  if (rollout.state === 'InProgress' && rollout.isUpdating)
    return { reason: 'RollingUpdate', message: `Updated brokers: ${rollout.updated} of ${size}. ${ready}` };
  return { reason: 'BrokersUnavailable', message: `${ready} Look at the pods that are not.` };
}
