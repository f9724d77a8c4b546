import { conditionOf, type EventDraft } from '@capstan/runtime';
import type { ConditionType } from '../api/v1alpha2/conditions.ts';
import type { PrismNamespaceStatus } from '../api/v1alpha2/prism-namespace.ts';

type Status = PrismNamespaceStatus | undefined;

/** What a user should hear of a pass: that prism-admin was told, how the namespace is, and what is not as one would expect, when it is news. */
export function eventsOf(before: Status, after: PrismNamespaceStatus): readonly EventDraft[] {
  return [...toldEvent(before, after), ...readinessEvent(before, after), ...noticeEvents(before, after)];
}

function toldEvent(before: Status, { admin }: PrismNamespaceStatus): readonly EventDraft[] {
  const former = before?.admin;
  if (admin === undefined) return [];
  const isAgain = former !== undefined && (former.epoch !== admin.epoch || former.clusterUid !== admin.clusterUid);
  if (!isAgain && former?.hash === admin.hash) return [];
  const note = `${isAgain ? 'prism-admin was made anew, and told again' : 'prism-admin was told'}: partition ${admin.partition}, proxy ${admin.proxy}`;
  return [{ type: 'Normal', reason: isAgain ? 'Replayed' : 'Told', action: 'CreateNamespace', note }];
}

function readinessEvent(before: Status, after: PrismNamespaceStatus): readonly EventDraft[] {
  const ready = conditionOf(after.conditions, 'Ready');
  if (ready === undefined || conditionOf(before?.conditions, 'Ready')?.reason === ready.reason) return [];
  const isStalled = conditionOf(after.conditions, 'Stalled')?.status === 'True';
  return [{ type: isStalled ? 'Warning' : 'Normal', reason: ready.reason, action: 'Reconcile', note: ready.message }];
}

const notices: readonly ConditionType[] = ['QuotaEnforced', 'Isolated', 'RunnersDedicated'];

/** Told again only when it becomes something else: texts follow what others do. That something is under way is no warning. */
function noticeEvents(before: Status, after: PrismNamespaceStatus): readonly EventDraft[] {
  return notices.flatMap((type) => {
    const notice = conditionOf(after.conditions, type);
    if (notice?.status !== 'False' || notice.reason === 'Waiting') return [];
    if (notice.reason === conditionOf(before?.conditions, type)?.reason) return [];
    return [{ type: 'Warning', reason: notice.reason, action: 'Judge', note: `${type}: ${notice.message}` }];
  });
}
