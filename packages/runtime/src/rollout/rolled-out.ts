import { childName, type Desired, type LiveReader, type Waiting } from '../controller/plan.ts';
import { rolloutOf } from './rollout.ts';

/**
 * The `waitingFor` of a step that is ready when every one of these objects has rolled out, the first that has not in words.
 * Objects without a rollout of their own (a ConfigMap) are ready as soon as they are there.
 *
 * @example
 * ```ts
 * const brokers = { name: 'brokers', objects: [statefulSet], waitingFor: rolledOut([statefulSet]) };
 * ```
 */
export function rolledOut(objects: readonly Desired[]): (live: LiveReader) => Waiting | undefined {
  return (live) => {
    for (const desired of objects) {
      const waiting = waitingOn(desired, live);
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  };
}

function waitingOn(desired: Desired, live: LiveReader): Waiting | undefined {
  const rollout = rolloutOf(live(desired));
  const child = childName(desired);
  switch (rollout.state) {
    case 'Complete':
      return undefined;
    case 'Absent':
      return { reason: 'Absent', message: `${child} does not exist yet` };
    case 'InProgress':
      return { reason: 'RolloutInProgress', message: `${child}: ${rollout.message}` };
    case 'Stalled':
      return { reason: rollout.reason, message: `${child} is stalled: ${rollout.message}` };
  }
}
