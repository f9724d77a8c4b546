import type { EventDraft, Outcome } from '@capstan/runtime';
import type { StreamBusCluster, StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
import { stepText } from './rebootstrap/advance.ts';
import { podsToDelete } from './rollout/rollout.ts';
import type { Findings } from './status/situation.ts';

/** What a user should hear of a pass: children made or changed, and how the cluster is, when that is news. */
export function eventsOf(
  cluster: StreamBusCluster,
  status: StreamBusClusterStatus,
  findings: Findings,
): readonly EventDraft[] {
  const { children } = findings;
  return [
    ...childrenEvent('Created', children),
    ...childrenEvent('Updated', children),
    ...(children.some(({ action }) => action === 'Failed') ? [] : readinessEvent(cluster.status, status)),
    ...noticeEvents(cluster.status, status),
    ...reBootstrapEvents(cluster.status, status),
    ...restartEvents(findings),
  ];
}

/** A cluster that is bootstrapped anew says so at every step. */
function reBootstrapEvents(
  before: StreamBusClusterStatus | undefined,
  after: StreamBusClusterStatus,
): readonly EventDraft[] {
  const [was, is] = [before?.reBootstrap, after.reBootstrap];
  if (was?.step === is?.step) return [];
  const action = 'ReBootstrap';
  if (is !== undefined) return [{ type: 'Warning', reason: 'ReBootstrapping', action, note: stepText(is) }];
  if (was === undefined) return [];
  const hasEnded = was.step === 'Starting';
  const note = hasEnded
    ? `Bootstrapped anew with ${was.to} brokers`
    : `Not bootstrapped anew: ${was.from} brokers as before`;
  return [{ type: 'Normal', reason: hasEnded ? 'ReBootstrapped' : 'ReBootstrapCancelled', action, note }];
}

/** Told with the status that comes before the pods go. */
function restartEvents({ decision }: Findings): readonly EventDraft[] {
  if (decision === undefined) return [];
  const names = podsToDelete(decision).map(({ name }) => name);
  if (names.length === 0) return [];
  const { lockOut } = decision;
  if (lockOut?.cure.kind !== 'Replace')
    return [
      {
        type: 'Normal',
        reason: 'BrokerRestarting',
        action: 'Rollout',
        note: `Restarting ${names.join(', ')} with the present spec`,
      },
    ];
  const note = `${lockOut.stuck.name} runs and cannot join while ${lockOut.leader.name} leads: ${lockOut.leader.name} is replaced`;
  return [{ type: 'Warning', reason: 'LeaderReplaced', action: 'Rollout', note }];
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

/** What the user should know although nothing is wrong; told again only when it becomes something else. */
function noticeEvents(
  before: StreamBusClusterStatus | undefined,
  after: StreamBusClusterStatus,
): readonly EventDraft[] {
  return notices.flatMap(({ type, status, reason }) => {
    const notice = conditionOf(after, type);
    if (notice?.status !== status || notice.message === conditionOf(before, type)?.message) return [];
    return [{ type: 'Warning', reason, action: 'Judge', note: notice.message }];
  });
}

const notices = [
  { type: 'ReBootstrapOffered', status: 'True', reason: 'ReBootstrapOffered' },
  { type: 'TenancyEnforced', status: 'False', reason: 'TenancyNotEnforced' },
  { type: 'UnsupportedFields', status: 'True', reason: 'UnsupportedFields' },
] as const;

function conditionOf(status: StreamBusClusterStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
