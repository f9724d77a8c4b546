import type { Standing } from '@capstan/runtime';
import type { Findings } from '../findings.ts';
import { kindOf } from './kind-of.ts';

/** Where the ingestion stands: the first thing that keeps it from being ready, or that it is. Pure. */
export function standingOf(findings: Findings): Standing {
  return (
    refused(findings) ??
    missing(findings) ??
    troubled(findings) ??
    obstructed(findings) ??
    unwritten(findings) ??
    standing(findings)
  );
}

function refused({ refusal, ledger }: Findings): Standing | undefined {
  if (refusal === undefined) return undefined;
  const effect = ledger.status.lastGoodSpecHash === undefined ? 'Druid was not asked.' : 'Druid keeps what it has.';
  return { is: 'Stalled', reason: refusal.reason, message: `${refusal.message}. ${effect}` };
}

function missing({ missing: what }: Findings): Standing | undefined {
  if (what === undefined) return undefined;
  // A router comes with its cluster; a Secret comes by a person's hand.
  const is = what.reason === 'RouterNotFound' ? 'Reconciling' : 'Stalled';
  return { is, reason: what.reason, message: `${what.message}. Druid is asked as soon as it is there.` };
}

function troubled({ trouble }: Findings): Standing | undefined {
  if (trouble === undefined) return undefined;
  if (trouble.kind === 'Unreachable')
    return { is: 'Reconciling', reason: 'DruidUnreachable', message: `${trouble.message}. Trying again.` };
  const reason = trouble.status === 401 ? 'CredentialsRejected' : 'PermissionDenied';
  return { is: 'Stalled', reason, message: `${trouble.message}. ${cure(trouble.status)}` };
}

function cure(status: 401 | 403): string {
  return status === 401
    ? 'Correct the Secret that spec.auth names; it counts at once.'
    : 'Give the user in Druid READ and WRITE on the data source, and CONFIG for lookups and dynamic configuration (before Druid 33 for compaction, too).';
}

function obstructed({ ledger: { obstacles } }: Findings): Standing | undefined {
  const [obstacle] = obstacles;
  return obstacle && { is: 'Stalled', reason: obstacle.reason, message: `${obstacle.message}.` };
}

function unwritten({ failures: [failure] }: Findings): Standing | undefined {
  return (
    failure && { is: failure.terminal ? 'Stalled' : 'Reconciling', reason: failure.reason, message: failure.message }
  );
}

function standing(findings: Findings): Standing {
  return kindOf(findings) === 'Task' ? taskStanding(findings) : supervisorStanding(findings);
}

function taskStanding({ ledger: { status }, isSuspended }: Findings): Standing {
  const { state, id = '' } = status;
  if (state === 'SUCCESS') return { is: 'Ready', reason: 'Succeeded', message: `Task ${id} has succeeded.` };
  if (isSuspended) return { is: 'Ready', reason: 'SuspendedAsAsked', message: 'No task runs, as the spec says.' };
  return {
    is: 'Reconciling',
    reason: 'TaskRunning',
    message: `Task ${id} is ${(state ?? 'submitted').toLowerCase()}.`,
  };
}

/** What Druid says of a supervisor of compaction while nothing schedules it. */
const idleSchedulers: readonly string[] = ['NOT_ENABLED', 'SCHEDULER_STOPPED'];

function supervisorStanding({ ledger, isSuspended }: Findings): Standing {
  const { id = '', state, recentErrors: [error] = [] } = ledger.status;
  if (isSuspended)
    return { is: 'Ready', reason: 'SuspendedAsAsked', message: `Supervisor ${id} is suspended, as the spec says.` };
  if (state === undefined || state === 'PENDING')
    return { is: 'Reconciling', reason: 'Starting', message: `Supervisor ${id} is starting.` };
  if (state.startsWith('UNHEALTHY')) {
    const why = error === undefined ? '' : ` ${error.message}.`;
    return { is: 'Reconciling', reason: 'Unhealthy', message: `Supervisor ${id} is ${state}.${why}` };
  }
  if (idleSchedulers.includes(state)) {
    const message = `Supervisor ${id} is ${state}: this Druid does not compact by supervisors. Set useSupervisors in its cluster-wide compaction.`;
    return { is: 'Stalled', reason: 'Unhealthy', message };
  }
  return { is: 'Ready', reason: 'Running', message: `Supervisor ${id} runs with the spec.` };
}
