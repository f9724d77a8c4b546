import { conditionOf, type EventDraft } from '@capstan/runtime';
import type { DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import type { Findings } from './findings.ts';

/** What a user should hear of a pass: what was done, and how the ingestion is, when that is news. */
export function eventsOf(
  before: DruidIngestionStatus | undefined,
  after: DruidIngestionStatus,
  { ledger }: Findings,
): readonly EventDraft[] {
  return [...ledger.events, ...readinessEvent(before, after, ledger.events)];
}

/** A change of wording alone is not news, nor what an event of the pass has said already. */
function readinessEvent(
  before: DruidIngestionStatus | undefined,
  after: DruidIngestionStatus,
  told: readonly EventDraft[],
): readonly EventDraft[] {
  const ready = conditionOf(after.conditions, 'Ready');
  const was = conditionOf(before?.conditions, 'Ready');
  if (ready === undefined || (was?.reason === ready.reason && was.status === ready.status)) return [];
  if (told.some(({ reason }) => reason === ready.reason)) return [];
  const isStalled = conditionOf(after.conditions, 'Stalled')?.status === 'True';
  const isBad = isStalled || ready.reason === 'DruidUnreachable' || ready.reason === 'Unhealthy';
  return [{ type: isBad ? 'Warning' : 'Normal', reason: ready.reason, action: 'Reconcile', note: ready.message }];
}
