import { contestText } from '@capstan/runtime';
import { securityAsked } from '../api/v1alpha1/security.ts';
import type { Situation } from './situation.ts';
import type { Explanation } from './wanted-condition.ts';

/** Why the cluster stays as it is until a person acts; the first of several, or `undefined`. */
export function blockerOf(situation: Situation): Explanation | undefined {
  return refused(situation) ?? terminalFailure(situation) ?? contested(situation) ?? unsecured(situation);
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

/** A cluster that was asked to be secure and is not must not look healthy. */
function unsecured({ spec }: Situation): Explanation | undefined {
  const asked = spec === undefined ? [] : securityAsked(spec);
  if (asked.length === 0) return undefined;
  const message =
    `The broker cannot enforce ${asked.join(', ')}: every client that reaches it may read and write. ` +
    'Ready is withheld for that reason. Remove spec.security to run without protection.';
  return { reason: 'BrokerUnsupported', message };
}
