import { conditionOf, type EventDraft, type Outcome } from '@capstan/runtime';
import type { ConditionType } from './api/v1alpha1/conditions.ts';
import type { PrismCluster, PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { rebootstrapEvents } from './rebootstrap/rebootstrap-events.ts';

/** What a user should hear of a pass: children made or changed, and how the cluster is, when that is news. */
export function eventsOf(
  cluster: PrismCluster,
  status: PrismClusterStatus,
  children: Outcome['children'],
): readonly EventDraft[] {
  return [
    ...childrenEvent('Created', children),
    ...childrenEvent('Updated', children),
    ...(children.some(({ action }) => action === 'Failed') ? [] : readinessEvent(cluster.status, status)),
    ...rebootstrapEvents(cluster.status, status),
    ...noticeEvents(cluster.status, status),
    ...restartEvent(cluster.status, status),
  ];
}

function childrenEvent(action: 'Created' | 'Updated', children: Outcome['children']): readonly EventDraft[] {
  const names = children.filter((child) => child.action === action).map(({ child }) => child);
  if (names.length === 0) return [];
  return [{ type: 'Normal', reason: action, action: 'Apply', note: `${action} ${names.join(', ')}` }];
}

/** The runtime tells of failed writes and contests itself; a change of wording alone is not news. */
function readinessEvent(before: PrismClusterStatus | undefined, after: PrismClusterStatus): readonly EventDraft[] {
  const ready = conditionOf(after.conditions, 'Ready');
  const isNews = before?.phase !== after.phase || conditionOf(before?.conditions, 'Ready')?.reason !== ready?.reason;
  // Each step of it is told by itself.
  if (ready === undefined || !isNews || ready.reason === 'Rebootstrapping') return [];
  const isStalled = conditionOf(after.conditions, 'Stalled')?.status === 'True';
  const type = isStalled || after.phase === 'Degraded' ? 'Warning' : 'Normal';
  return [{ type, reason: ready.reason, action: 'Reconcile', note: ready.message }];
}

const notices: readonly { readonly type: ConditionType; readonly status: 'True' | 'False' }[] = [
  { type: 'AdminRebootstrapOffered', status: 'True' },
  { type: 'RunnerSupported', status: 'False' },
  { type: 'BackendMissing', status: 'True' },
  { type: 'DefaultCredentials', status: 'True' },
  { type: 'UnpinnedVersions', status: 'True' },
  { type: 'UserAssumed', status: 'True' },
];

/** What the user should know although it is carried out; told again only when it becomes something else. */
function noticeEvents(before: PrismClusterStatus | undefined, after: PrismClusterStatus): readonly EventDraft[] {
  return notices.flatMap(({ type, status }) => {
    const notice = conditionOf(after.conditions, type);
    if (notice?.status !== status || notice.message === conditionOf(before?.conditions, type)?.message) return [];
    return [{ type: 'Warning', reason: notice.reason, action: 'Judge', note: notice.message }];
  });
}

function restartEvent(before: PrismClusterStatus | undefined, after: PrismClusterStatus): readonly EventDraft[] {
  const since = after.natsOutage?.restartedFor;
  if (since === undefined || since === before?.natsOutage?.restartedFor) return [];
  const note = `NATS was away from ${since} on, for longer than some clients survive: their pods are restarted`;
  return [{ type: 'Warning', reason: 'NatsClientsRestarted', action: 'Rollout', note }];
}
