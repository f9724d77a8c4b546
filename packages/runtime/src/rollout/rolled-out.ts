import { childName, desiredOf, type LiveReader, type StepObject, type Waiting } from '../controller/plan.ts';
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
export function rolledOut(objects: readonly StepObject[]): (live: LiveReader) => Waiting | undefined {
  return (live) => {
    for (const item of objects) {
      const waiting = waitingOn(item, live);
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  };
}

function waitingOn(item: StepObject, live: LiveReader): Waiting | undefined {
  const rollout = rolloutOf(live(item));
  const child = childName(desiredOf(item));
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
