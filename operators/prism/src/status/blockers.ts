import { contestText } from '@capstan/runtime';
import type { Situation } from './situation.ts';
import type { Explanation } from './wanted-condition.ts';

/** Why only a person can get the cluster further, the first of several, or `undefined`. */
export function blockerOf(situation: Situation): Explanation | undefined {
  return (
    refused(situation) ??
    terminalFailure(situation) ??
    contested(situation) ??
    unusableSecret(situation) ??
    stuck(situation)
  );
}

/** Patterns that are not started, which keeps no others; told once nothing else is under way. */
export function idlePatterns({ components }: Situation): Explanation | undefined {
  const [first] = components.flatMap(({ name, part, obstacle }) =>
    part === 'pattern' && obstacle !== undefined ? [{ name, obstacle }] : [],
  );
  if (first === undefined) return undefined;
  const { name, obstacle } = first;
  return { reason: obstacle.reason, message: `${name} is not started: ${obstacle.message}.` };
}

function refused(situation: Situation): Explanation | undefined {
  const { refusal } = situation;
  if (refusal === undefined) return undefined;
  return { reason: refusal.reason, message: `${refusal.message}. ${effectOf(situation)}` };
}

/** What a refused spec means for what runs. */
function effectOf({ observed: { bootstrapped, rebootstrap }, components }: Situation): string {
  if (bootstrapped === 0) return 'Nothing was created.';
  const isAdminAway = components.some(({ part, isAbsent }) => part === 'admin' && isAbsent);
  return rebootstrap?.step === 'Stopping' || isAdminAway
    ? 'prism-admin is stopped until that is mended; everything else keeps running with the spec before.'
    : 'Everything keeps running with the spec before.';
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

function unusableSecret({ components }: Situation): Explanation | undefined {
  const found = components.find(({ part, obstacle }) => part === 'backend' && obstacle !== undefined)?.obstacle;
  if (found === undefined) return undefined;
  const message = `${found.message}. What runs keeps running as it is; nothing that needs it is started or changed.`;
  return { reason: found.reason, message };
}

function stuck({ components }: Situation): Explanation | undefined {
  const found = components.find(({ isStuck }) => isStuck);
  if (found === undefined) return undefined;
  return { reason: 'PodStuck', message: `${found.name}: ${found.why ?? ''}. Mend that, or change the spec.` };
}
