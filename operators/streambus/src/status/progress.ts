import type { Rollout } from '@capstan/runtime';
import { type ReBootstrap, stepText } from '../rebootstrap/advance.ts';
import type { Situation } from './situation.ts';
import { stuckPod, stuckText } from './stuck.ts';
import type { Explanation } from './wanted-condition.ts';

/** What the brokers are doing; `undefined` when all of them run as they should and accept clients. */
export function progressOf(situation: Situation): Explanation | undefined {
  const { reBootstrap, rollout } = situation;
  if (reBootstrap !== undefined) return reBootstrapping(reBootstrap, situation);
  switch (rollout.state) {
    case 'Complete':
      return leaderless(situation);
    case 'Absent':
      return { reason: 'Pending', message: 'The StatefulSet of the brokers does not exist yet.' };
    case 'InProgress':
    case 'Stalled':
      return situation.initialized ? interruption(rollout, situation) : firstStart(rollout.ready, situation);
  }
}

function reBootstrapping(step: ReBootstrap, { pods, now }: Situation): Explanation {
  const late = stuckPod(pods, now);
  const message = stepText(step);
  return { reason: 'ReBootstrapping', message: late === undefined ? message : `${message} ${stuckText(late)}.` };
}

/** Pods stay ready when the quorum is lost; not to know who leads is no reason to think that it is. */
function leaderless({ leadership }: Situation): Explanation | undefined {
  switch (leadership.kind) {
    case 'None':
      return { reason: 'NoLeader', message: 'All brokers accept clients, and none of them leads: the quorum is lost.' };
    case 'Several':
      return { reason: 'SeveralLeaders', message: `${leadership.leaders.join(' and ')} all say that they lead.` };
    case 'One':
    case 'Unknown':
      return undefined;
  }
}

function firstStart(ready: number, { size, pods, now }: Situation): Explanation {
  const late = stuckPod(pods, now);
  const message =
    `Ready brokers: ${ready} of ${size}. A broker accepts clients once a quorum has elected a leader; ` +
    'if that takes more than a minute, look at the pods.';
  return { reason: 'Starting', message: late === undefined ? message : `${message} ${stuckText(late)}.` };
}

function interruption(rollout: Extract<Rollout, { ready: number }>, situation: Situation): Explanation {
  const { size, pods, now, decision } = situation;
  const late = stuckPod(pods, now);
  const why = [late === undefined ? undefined : `${stuckText(late)}.`, lockOutText(situation)]
    .filter(Boolean)
    .join(' ');
  if (!isRolling(situation)) {
    const message = `Ready brokers: ${rollout.ready} of ${size}. ${why || 'Look at the pods that are not.'}`;
    return { reason: 'BrokersUnavailable', message };
  }
  const { restart } = decision ?? {};
  // Pods come and go all the time while a roll-out runs; what is worth a word is what does not come by itself.
  const isAbsent = restart?.kind === 'Wait' && restart.on === 'Pods' && pods.length < size;
  const isWorthAWord = restart?.kind === 'Wait' && (restart.on === 'Leader' || isAbsent);
  const waits = isWorthAWord ? `The next broker waits: ${restart.why}.` : '';
  const message = [`Updated brokers: ${rollout.updated} of ${size}.`, why, waits].filter(Boolean).join(' ');
  return { reason: 'RollingUpdate', message };
}

/** A roll-out lasts until the last broker that it restarted serves. */
export function isRolling({ rollout, wasRolling }: Pick<Situation, 'rollout' | 'wasRolling'>): boolean {
  const isUpdating = rollout.state === 'InProgress' && rollout.isUpdating;
  return isUpdating || (wasRolling && rollout.state === 'InProgress');
}

/** A broker that the leader keeps out, and what is done about it. */
function lockOutText({ decision }: Situation): string | undefined {
  if (decision?.lockOut === undefined) return undefined;
  const { leader, stuck, cure } = decision.lockOut;
  const what = `${stuck.name} runs and cannot join while ${leader.name} leads`;
  return cure.kind === 'Replace' ? `${what}: ${leader.name} is replaced.` : `${what}: ${cure.why}.`;
}
