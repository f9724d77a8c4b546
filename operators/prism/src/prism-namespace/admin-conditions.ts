import type { Confirmation, ErrandOutcome } from '../admin/control-plane/errand.ts';
import type { ConditionType, Reason } from '../api/v1alpha2/conditions.ts';
import type { AdminRecord } from '../api/v1alpha2/prism-namespace.ts';
import type { Talk } from './findings.ts';

/** A condition of a namespace as it should be. */
export interface Wanted {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** How far prism-admin has what it is to have. */
export interface AdminStanding {
  readonly isSynced: boolean;
  /** Whether nothing will change before a person acts. */
  readonly isStuck: boolean;
  readonly reason: Reason;
  readonly message: string;
}

/** Sums up what came of prism-admin. */
export function adminStanding({ matter, reply, record }: Talk): AdminStanding {
  if (matter.kind === 'Impossible') {
    const { reason, message } = matter;
    return { isSynced: false, isStuck: reason === 'NoControlPlane', reason, message };
  }
  if (matter.kind === 'Settled') return synced(record);
  if (reply?.kind !== 'Answered') return waiting('Asking', 'prism-admin is being told');
  const { outcome } = reply;
  if (outcome.kind === 'Settled') return synced(record);
  return { ...waiting(outcome.kind, advice(outcome)), isStuck: outcome.kind === 'Refused' };
}

function waiting(reason: Reason, message: string): AdminStanding {
  return { isSynced: false, isStuck: false, reason, message };
}

const confirmed: Readonly<Record<Confirmation, string>> = {
  ReadBack: 'it was read back',
  OutOfSight: "it could not be read back, because its partition is another proxy's",
  NotReadBack: 'it could not be read back, because spec.admin.proxyRegistration of the cluster is None',
};

function synced(record: AdminRecord | undefined): AdminStanding {
  const reason = confirmationOf(record);
  const where = `prism-admin has it in partition ${record?.partition}, given to proxy ${record?.proxy}`;
  return { isSynced: true, isStuck: false, reason, message: `${where}; ${confirmed[reason]}` };
}

function confirmationOf(record: AdminRecord | undefined): Confirmation {
  const { confirmation } = record ?? {};
  return confirmation === 'OutOfSight' || confirmation === 'NotReadBack' ? confirmation : 'ReadBack';
}

function advice(outcome: Exclude<ErrandOutcome, { kind: 'Settled' }>): string {
  const { kind, message } = outcome;
  if (kind === 'WaitingForProxy')
    return `${message}. Let a proxy register itself, or set spec.admin.proxyRegistration of the cluster to Operator`;
  if (kind === 'NoLeader') return `${message}: see condition AdminHealthy of the cluster`;
  if (kind === 'Unreachable') return `${message}: look at the Service and the NetworkPolicy of prism-admin`;
  return message;
}

/** The conditions that are about prism-admin. */
export function adminConditions(talk: Talk): readonly Wanted[] {
  const { isSynced, reason, message } = adminStanding(talk);
  return [
    reachable(talk),
    { type: 'Synced', status: isSynced ? 'True' : 'False', reason, message },
    {
      ...{ type: 'Deletable', status: 'False', reason: 'Unsupported' },
      message:
        'prism-admin has no way to delete a namespace: when this resource goes, it stays there until the volumes of prism-admin are replaced',
    },
  ];
}

function reachable({ matter, reply }: Talk): Wanted {
  const type = 'AdminReachable';
  if (matter.kind === 'Impossible') return { type, status: 'False', reason: matter.reason, message: matter.message };
  if (matter.kind === 'Settled' || reply?.kind !== 'Answered')
    return { type, status: matter.kind === 'Settled' ? 'True' : 'Unknown', ...lastHeard(matter.kind === 'Settled') };
  const { outcome } = reply;
  if (outcome.kind === 'Unreachable' || outcome.kind === 'NoLeader')
    return { type, status: 'False', reason: outcome.kind, message: outcome.message };
  return { type, status: 'True', ...lastHeard(true) };
}

function lastHeard(hasAnswered: boolean): Pick<Wanted, 'reason' | 'message'> {
  if (hasAnswered) return { reason: 'Answers', message: 'prism-admin answered when it was last asked' };
  return { reason: 'NotAsked', message: 'prism-admin has not answered yet' };
}
