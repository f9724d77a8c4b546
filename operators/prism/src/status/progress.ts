import { backendKinds } from '../backends/backend-kind.ts';
import { rebootstrapping } from '../rebootstrap/rebootstrap-conditions.ts';
import type { ComponentState } from './component-state.ts';
import type { Situation } from './situation.ts';
import type { Explanation } from './wanted-condition.ts';

/** What is under way; `undefined` when everything that can run does as it should. */
export function progressOf(situation: Situation): Explanation | undefined {
  return (
    rebootstrapping(situation) ??
    pending(situation) ??
    held(situation) ??
    unavailable(situation) ??
    updating(situation) ??
    leaderless(situation)
  );
}

function pending({ components }: Situation): Explanation | undefined {
  if (!components.every(({ isAbsent }) => isAbsent)) return undefined;
  return { reason: 'Pending', message: 'Nothing of the cluster exists yet.' };
}

/** Something new waits for a step that is not ready. */
function held({ waiting, children }: Situation): Explanation | undefined {
  const waits = children.filter(({ action }) => action === 'Held').length;
  if (waiting === undefined || waits === 0) return undefined;
  const reason = waitingReason(waiting.step);
  const what = waits === 1 ? 'One object that comes after it waits.' : `${waits} objects that come after it wait.`;
  return { reason, message: `${waiting.message}. ${what}` };
}

function waitingReason(step: string): string {
  if ((backendKinds as readonly string[]).includes(step)) return 'WaitingForBackend'; // any text may be looked for
  return step === 'prism-admin' ? 'WaitingForAdmin' : 'Starting';
}

/** Those that are not started for want of something are no progress. */
function unavailable({ components, isFirstStart }: Situation): Explanation | undefined {
  const missing = components.filter(({ isAvailable, obstacle }) => !isAvailable && obstacle === undefined);
  if (missing.length === 0) return undefined;
  return { reason: reasonOf(missing, isFirstStart), message: `${listed(missing)}.` };
}

/** Why some components are not available. */
export function reasonOf(missing: readonly ComponentState[], isFirstStart: boolean): string {
  if (missing.some(({ isStuck }) => isStuck)) return 'PodStuck';
  if (isFirstStart || missing.some(({ isAbsent, isStarting }) => isAbsent || isStarting)) return 'Starting';
  return missing.some(({ isUpdating }) => isUpdating) ? 'RollingUpdate' : 'Unavailable';
}

/** Which components are not available, and why. */
export function listed(missing: readonly ComponentState[]): string {
  return missing.map(({ name, why }) => `${name}: ${why ?? 'it is not available'}`).join('; ');
}

function updating({ components }: Situation): Explanation | undefined {
  const rolling = components.filter(({ isUpdating }) => isUpdating).map(({ name }) => name);
  if (rolling.length === 0) return undefined;
  const message = `${rolling.join(', ')} ${rolling.length === 1 ? 'is' : 'are'} being updated; all pods that are wanted are available.`;
  return { reason: 'RollingUpdate', message };
}

/** Pods stay ready when the quorum is lost; not to know who leads is no reason to think that it is. */
function leaderless({ observed: { leadership }, isReadable }: Situation): Explanation | undefined {
  if (!isReadable) return undefined;
  switch (leadership.kind) {
    case 'None':
      return {
        reason: 'NoLeader',
        message: 'All members of prism-admin are ready, and none of them leads: nothing can be written.',
      };
    case 'Several':
      return {
        reason: 'SeveralLeaders',
        message: `${leadership.leaders.join(' and ')} all say that they lead prism-admin.`,
      };
    case 'One':
    case 'Unknown':
      return undefined;
  }
}
