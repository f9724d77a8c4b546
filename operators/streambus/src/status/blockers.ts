import { contestText } from '@capstan/runtime';
import { protectionOf } from '../protection.ts';
import { isRolling } from './progress.ts';
import type { Situation } from './situation.ts';
import { stuckPod, stuckText } from './stuck.ts';
import type { Explanation } from './wanted-condition.ts';

/** Why only a person can get the cluster further, the first of several, or `undefined`. */
export function blockerOf(situation: Situation): Explanation | undefined {
  return (
    refused(situation) ??
    terminalFailure(situation) ??
    contested(situation) ??
    unusableSecret(situation) ??
    stuck(situation) ??
    notEnforced(situation)
  );
}

function refused({ refusal, rollout }: Situation): Explanation | undefined {
  if (refusal === undefined) return undefined;
  const effect = rollout.state === 'Absent' ? 'Nothing was created.' : 'The brokers keep running with the spec before.';
  return { reason: refusal.reason, message: `${refusal.message}. ${effect}` };
}

function terminalFailure({ failures }: Situation): Explanation | undefined {
  const failure = failures.find(({ terminal }) => terminal);
  return failure && { reason: failure.reason, message: failure.message };
}

function contested({ contests: [contest] }: Situation): Explanation | undefined {
  if (contest === undefined) return undefined;
  const message = `${contestText(contest)}. Make it leave that field alone; the operator tries again now and then.`;
  return { reason: 'FieldContested', message };
}

function unusableSecret({ secretProblems, rollout }: Situation): Explanation | undefined {
  const [first] = secretProblems;
  if (first === undefined) return undefined;
  const effect =
    rollout.state === 'Absent'
      ? 'No broker is started without it.'
      : 'Brokers that run keep the certificates they have; none is restarted until it is there.';
  return { reason: first.reason, message: `${first.message}. ${effect}` };
}

/** A roll-out, or a first start, that waits for a pod which will not come. A pod lost later may come back by itself. */
function stuck(situation: Situation): Explanation | undefined {
  const { initialized, reBootstrap, pods, now } = situation;
  const isStarting = !initialized || reBootstrap !== undefined;
  if (!isStarting && !isRolling(situation)) return undefined;
  const pod = stuckPod(pods, now);
  if (pod === undefined) return undefined;
  if (isStarting) return { reason: 'BrokerStuck', message: `${stuckText(pod)}. Mend that, or change the spec.` };
  const message = `${stuckText(pod)}. No other broker is restarted meanwhile. Mend that, or set the spec back: the pod is then replaced at once.`;
  return { reason: 'RollOutStuck', message };
}

/** A cluster that was asked to be secure and is not must not look healthy. */
function notEnforced({ spec }: Situation): Explanation | undefined {
  const unaccepted = spec === undefined ? [] : protectionOf(spec).unaccepted;
  if (unaccepted.length === 0) return undefined;
  const message =
    `Nobody enforces ${unaccepted.join(', ')} (see condition SecurityEnforced), and Ready is withheld for that reason. ` +
    'Take it out of the spec, or accept living without it in spec.security.acceptUnenforced.';
  return { reason: 'NotEnforced', message };
}
