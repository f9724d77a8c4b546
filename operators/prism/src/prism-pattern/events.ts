import { conditionOf, type EventDraft, type Outcome } from '@capstan/runtime';
import type { PrismPattern, PrismPatternStatus } from '../api/v1beta1/prism-pattern.ts';

/** What a user should hear of a pass over a pattern, when that is news. */
export function patternEvents(
  { status: before }: PrismPattern,
  after: PrismPatternStatus,
  children: Outcome['children'],
): readonly EventDraft[] {
  const ready = newsOf('Ready', before, after);
  const scaled = newsOf('AutoscalerReady', before, after);
  return [
    ...changesOf('Created', children),
    ...changesOf('Pruned', children),
    ...ready,
    // Where the autoscaler is why it is not Ready, once is enough.
    ...scaled.filter(({ reason }) => ready.every((each) => each.reason !== reason)),
  ];
}

function changesOf(action: 'Created' | 'Pruned', children: Outcome['children']): readonly EventDraft[] {
  const names = children.filter((child) => child.action === action).map(({ child }) => child);
  if (names.length === 0) return [];
  return [{ type: 'Normal', reason: action, action: 'Apply', note: `${action} ${names.join(', ')}` }];
}

/** A change of wording alone is none. */
function newsOf(
  type: 'Ready' | 'AutoscalerReady',
  before: PrismPatternStatus | undefined,
  after: PrismPatternStatus,
): readonly EventDraft[] {
  const [was, is] = [before, after].map((status) => conditionOf(status?.conditions, type));
  if (is === undefined || (was?.reason === is.reason && was.status === is.status)) return [];
  const isBad = type === 'Ready' ? conditionOf(after.conditions, 'Stalled')?.status === 'True' : is.status === 'False';
  return [{ type: isBad ? 'Warning' : 'Normal', reason: is.reason, action: 'Reconcile', note: is.message }];
}
