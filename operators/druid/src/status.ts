import { conditionOf, minutes, setConditions } from '@capstan/runtime';
import type { DruidIngestion, DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import type { Findings } from './findings.ts';
import { conditionsOf } from './status/conditions.ts';

/** Status fields that move by themselves: how long a change of nothing else may wait. */
export const unhurried = {
  lag: minutes(1),
  detailedState: minutes(1),
  recentErrors: minutes(1),
  lastHttpStatus: minutes(5),
};

/**
 * The status of an ingestion, from what one pass found.
 *
 * @param now RFC 3339; becomes the time of the conditions that change
 */
export function statusOf(ingestion: DruidIngestion, findings: Findings, now: string): DruidIngestionStatus {
  const { metadata, status: before } = ingestion;
  const { ledger, lastHttpStatus } = findings;
  const seen = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const conditions = setConditions(before?.conditions, conditionsOf(findings), { now, ...seen });
  return withFormerFields(before, now, {
    ...statusFrom(ledger.status),
    ...{ conditions, ...seen },
    ...(lastHttpStatus !== undefined && { lastHttpStatus }),
  });
}

/** What was noted as a status, without the fields that were taken away. */
export function statusFrom(notes: Findings['ledger']['status']): DruidIngestionStatus {
  // What is left has no field that is undefined, which is all that tells notes from a status.
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined)) as DruidIngestionStatus;
}

/** The flat fields that readers of the first Druid operator look at. */
function withFormerFields(
  before: DruidIngestionStatus | undefined,
  now: string,
  status: DruidIngestionStatus,
): DruidIngestionStatus {
  const ready = conditionOf(status.conditions, 'Ready');
  const isSynced = conditionOf(status.conditions, 'Synced')?.status === 'True';
  const verb = before?.lastGoodSpecHash === undefined && before?.taskId === undefined ? 'Create' : 'Update';
  const word = `DruidIngestionController${verb}${isSynced ? 'Success' : 'Fail'}`;
  // A resync that finds everything as before is no update.
  const isSettled = isSynced && before?.type?.endsWith('Success') === true && isSameWork(before, status);
  const flat = {
    type: isSettled ? (before.type ?? word) : word,
    status: isSynced ? 'True' : 'False',
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
  };
  const isSame = (['type', 'status', 'reason', 'message'] as const).every((field) => before?.[field] === flat[field]);
  return { ...status, ...flat, lastUpdateTime: isSame ? (before?.lastUpdateTime ?? now) : now };
}

function isSameWork(before: DruidIngestionStatus, after: DruidIngestionStatus): boolean {
  return before['currentIngestionSpec.json'] === after['currentIngestionSpec.json'] && before.taskId === after.taskId;
}
