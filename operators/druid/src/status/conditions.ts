import { conditionOf, standardConditions } from '@capstan/runtime';
import type { ConditionType } from '../api/v1alpha1/conditions.ts';
import type { Findings } from '../findings.ts';
import { kindOf } from './kind-of.ts';
import { standingOf } from './standing.ts';
import { troubleReason } from './trouble-reason.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** Every condition an ingestion should have now. Pure. */
export function conditionsOf(findings: Findings): readonly WantedCondition[] {
  // The three are of the types that the runtime names.
  const standard = standardConditions(standingOf(findings)) as readonly WantedCondition[];
  return [
    ...standard,
    synced(findings),
    suspended(findings),
    healthy(findings),
    reachable(findings),
    credentialsValid(findings),
  ];
}

function synced(findings: Findings): WantedCondition {
  const type = 'Synced';
  const { refusal, missing, trouble, ledger } = findings;
  const [obstacle] = ledger.obstacles.filter(({ reason }) => reason !== 'TaskFailed');
  const against = refusal ?? obstacle;
  if (against !== undefined) return { type, status: 'False', reason: against.reason, message: `${against.message}.` };
  if (missing !== undefined) return { type, status: 'Unknown', reason: missing.reason, message: `${missing.message}.` };
  if (trouble !== undefined)
    return { type, status: 'Unknown', reason: troubleReason(trouble), message: `${trouble.message}.` };
  if (ledger.status.lastGoodSpecHash === undefined && !findings.isSuspended)
    return { type, status: 'False', reason: 'Pending', message: 'Druid has not taken the spec yet.' };
  return { type, status: 'True', reason: 'UpToDate', message: 'Druid has what the spec says.' };
}

/** As Druid shows it, not as it is wished. */
function suspended(findings: Findings): WantedCondition {
  const type = 'Suspended';
  const is = kindOf(findings) === 'Task' ? isTaskStopped(findings) : isSupervisorSuspended(findings.ledger);
  if (is === undefined) return before(type, findings.ledger);
  return is
    ? { type, status: 'True', reason: 'SuspendedAsAsked', message: 'It is suspended.' }
    : { type, status: 'False', reason: 'Running', message: 'It is not suspended.' };
}

function isSupervisorSuspended({ supervisor, lastGood }: Findings['ledger']): boolean | undefined {
  if (supervisor === undefined) return undefined;
  // Some do not say; then the spec says it that Druid took.
  return supervisor.suspended ?? lastGood?.spec['suspended'] === true;
}

function isTaskStopped({ ledger: { status }, isSuspended, refusal, trouble }: Findings): boolean | undefined {
  if (status.state === 'STOPPED') return true;
  if (status.id !== undefined) return false;
  return refusal === undefined && trouble === undefined && isSuspended ? true : undefined;
}

function healthy({ ledger }: Findings): WantedCondition {
  const type = 'Healthy';
  const { state, recentErrors: [error] = [] } = ledger.status;
  const why = error === undefined ? '' : ` The last error: ${error.message}.`;
  if (state === 'FAILED') return { type, status: 'False', reason: 'TaskFailed', message: `The task has failed.${why}` };
  if (state === 'SUCCESS') return { type, status: 'True', reason: 'Healthy', message: 'The task has succeeded.' };
  if (ledger.supervisor === undefined) return before(type, ledger);
  if (ledger.supervisor.healthy)
    return { type, status: 'True', reason: 'Healthy', message: `Druid calls it healthy.${why}` };
  return { type, status: 'False', reason: 'Unhealthy', message: `Druid calls it ${state ?? 'unhealthy'}.${why}` };
}

function reachable({ missing, trouble, lastHttpStatus, ledger }: Findings): WantedCondition {
  const type = 'Reachable';
  if (missing?.reason === 'RouterNotFound')
    return { type, status: 'False', reason: missing.reason, message: `${missing.message}.` };
  if (trouble?.kind === 'Unreachable')
    return { type, status: 'False', reason: 'DruidUnreachable', message: `${trouble.message}.` };
  if (lastHttpStatus === undefined) return before(type, ledger);
  return { type, status: 'True', reason: 'Answers', message: 'Druid answers.' };
}

function credentialsValid({ missing, trouble, lastHttpStatus, ledger }: Findings): WantedCondition {
  const type = 'CredentialsValid';
  if (missing !== undefined && missing.reason !== 'RouterNotFound')
    return { type, status: 'False', reason: missing.reason, message: `${missing.message}.` };
  if (trouble?.kind === 'Denied')
    return { type, status: 'False', reason: troubleReason(trouble), message: `${trouble.message}.` };
  if (trouble !== undefined || lastHttpStatus === undefined) return before(type, ledger);
  return { type, status: 'True', reason: 'Accepted', message: 'Druid accepts who the operator is.' };
}

/** As it was when it was last known. */
function before(type: ConditionType, { status }: Findings['ledger']): WantedCondition {
  const known = conditionOf(status.conditions, type);
  if (known === undefined) return { type, status: 'Unknown', reason: 'NotAsked', message: 'Druid has not been asked.' };
  const { status: value, reason, message } = known;
  return { type, status: value, reason, message };
}
