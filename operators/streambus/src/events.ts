import type { EventDraft, Outcome } from '@capstan/runtime';
import type { StreamBusCluster, StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';

/** What a user should hear of a pass: children made or changed, and how the cluster is, when that is news. */
export function eventsOf(
  cluster: StreamBusCluster,
  status: StreamBusClusterStatus,
  children: Outcome['children'],
): readonly EventDraft[] {
  return [
    ...childrenEvent('Created', children),
    ...childrenEvent('Updated', children),
    ...(children.some(({ action }) => action === 'Failed') ? [] : readinessEvent(cluster.status, status)),
    ...noticeEvents(cluster.status, status),
  ];
}

function childrenEvent(action: 'Created' | 'Updated', children: Outcome['children']): readonly EventDraft[] {
  const names = children.filter((child) => child.action === action).map(({ child }) => child);
  if (names.length === 0) return [];
  return [{ type: 'Normal', reason: action, action: 'Apply', note: `${action} ${names.join(', ')}` }];
}

/** The runtime tells of failed writes and contests itself; a change of wording alone is not news. */
function readinessEvent(
  before: StreamBusClusterStatus | undefined,
  after: StreamBusClusterStatus,
): readonly EventDraft[] {
  const ready = conditionOf(after, 'Ready');
  const isNews = before?.phase !== after.phase || conditionOf(before, 'Ready')?.reason !== ready?.reason;
  if (ready === undefined || !isNews) return [];
  const needsSomebody = conditionOf(after, 'Stalled')?.status === 'True' || after.phase === 'Degraded';
  const type = needsSomebody ? 'Warning' : 'Normal';
  return [{ type, reason: ready.reason, action: 'Reconcile', note: ready.message }];
}

/** What the cluster will not do although the spec asks for it; told again only when it becomes something else. */
function noticeEvents(
  before: StreamBusClusterStatus | undefined,
  after: StreamBusClusterStatus,
): readonly EventDraft[] {
  return (['TenancyEnforced', 'UnsupportedFields'] as const).flatMap((type) => {
    const notice = conditionOf(after, type);
    if (notice === undefined || notice.message === conditionOf(before, type)?.message) return [];
    return [{ type: 'Warning', reason: notices[type], action: 'Judge', note: notice.message }];
  });
}

const notices = { TenancyEnforced: 'TenancyNotEnforced', UnsupportedFields: 'UnsupportedFields' } as const;

function conditionOf(status: StreamBusClusterStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
