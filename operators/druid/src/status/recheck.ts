import { conditionOf, type Millis, minutes, seconds } from '@capstan/runtime';
import type { DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import type { Findings } from '../findings.ts';
import { kindOf } from './kind-of.ts';

/** How long something has to be under way before it is looked at less often. */
const patience: Millis = minutes(1);

/**
 * When to look again without any event, in ms: soon while something changes, then less often; `undefined`: only an event makes
 * a difference. Pure.
 *
 * @param settledMs how often a settled ingestion is looked at
 */
export function recheckAfterMs(
  findings: Findings,
  status: DruidIngestionStatus,
  now: string,
  settledMs: Millis,
): number | undefined {
  const { refusal, missing, trouble, ledger } = findings;
  if (findings.isLookedAfter !== true && (refusal !== undefined || missing !== undefined)) return unasked(findings);
  if (trouble !== undefined)
    return trouble.kind === 'Denied' ? minutes(1) : hurried(status, now, seconds(10), seconds(30));
  if (isOver(findings)) return hasSettings(ledger.status) ? minutes(5) : unasked(findings);
  if (refusal !== undefined || missing !== undefined) return Math.min(settledMs, unasked(findings) ?? settledMs);
  const isReady = conditionOf(status.conditions, 'Ready')?.status === 'True';
  const isStarting = conditionOf(status.conditions, 'Reconciling')?.status === 'True';
  return isReady || !isStarting ? settledMs : Math.min(settledMs, hurried(status, now, seconds(3), seconds(15)));
}

/** When to look whether what kept Druid from being asked still does. */
function unasked({ refusal, missing }: Findings): number | undefined {
  // Nothing tells that the other resource has gone.
  if (refusal !== undefined) return refusal.reason === 'OwnedByAnother' ? seconds(15) : undefined;
  return missing === undefined ? undefined : minutes(1);
}

/** A task that is over does not change any more. */
function isOver(findings: Findings): boolean {
  const { status } = findings.ledger;
  return kindOf(findings) === 'Task' && ['SUCCESS', 'FAILED', 'STOPPED'].includes(status.state ?? '');
}

function hasSettings(status: Findings['ledger']['status']): boolean {
  const { rulesDataSource, compactionDataSource, lookups, dynamicConfig } = status;
  return [rulesDataSource, compactionDataSource, lookups, dynamicConfig].some((made) => made !== undefined);
}

function hurried(status: DruidIngestionStatus, now: string, soon: Millis, later: Millis): Millis {
  const since = conditionOf(status.conditions, 'Ready')?.lastTransitionTime ?? now;
  return Date.parse(now) - Date.parse(since) < patience ? soon : later;
}
