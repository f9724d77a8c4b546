import type { Condition } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';

/** One word for a kind that has no phase: `Ready`, or why it is not; empty as long as the operator has said nothing. */
export function readyWord(conditions: readonly Condition[] | undefined): string {
  const ready = conditionOf(conditions, 'Ready');
  if (ready === undefined) return '';
  return ready.status === 'True' ? 'Ready' : ready.reason;
}
