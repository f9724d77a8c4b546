import type { Standing } from '@capstan/runtime';
import { blockerOf, idlePatterns } from './blockers.ts';
import { progressOf } from './progress.ts';
import type { Situation } from './situation.ts';

/** Where the cluster stands, in the three words kstatus tells apart. */
export function standingOf(situation: Situation): Standing {
  const blocker = blockerOf(situation);
  if (blocker !== undefined) return { is: 'Stalled', ...blocker };
  const progress = progressOf(situation);
  const retry = situation.failures.find(({ terminal }) => !terminal);
  if (retry !== undefined) {
    const message = [progress?.message, `Trying again: ${retry.message}`].filter(Boolean).join(' ');
    return { is: 'Reconciling', reason: progress?.reason ?? 'Retrying', message };
  }
  if (progress !== undefined) return { is: 'Reconciling', ...progress };
  const idle = idlePatterns(situation);
  if (idle !== undefined) return { is: 'Stalled', ...idle };
  return { is: 'Ready', reason: 'AllReady', message: 'Everything runs as the spec says.' };
}
