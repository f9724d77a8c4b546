import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { Situation } from './situation.ts';

/** What the brokers are doing; `undefined` when all of them run as they should and accept clients. */
export function progressOf({ rollout, initialized, size }: Situation): { reason: Reason; message: string } | undefined {
  const of = `of ${size} ${size === 1 ? 'broker' : 'brokers'}`;
  switch (rollout.state) {
    case 'Complete':
      return undefined;
    case 'Absent':
      return { reason: 'Pending', message: 'The StatefulSet of the brokers does not exist yet.' };
    case 'Waiting':
    case 'Rolling':
      if (!initialized)
        return {
          reason: 'Starting',
          message: `${rollout.ready} ${of} accept clients; they do once a quorum has elected a leader.`,
        };
  }
  if (rollout.state === 'Waiting')
    return {
      reason: 'BrokersUnavailable',
      message: `${rollout.ready} ${of} accept clients. Look at the pods that are not ready.`,
    };
  return {
    reason: 'RollingUpdate',
    message: `${rollout.updated} ${of} run the new version of their pod, ${rollout.ready} accept clients.`,
  };
}
