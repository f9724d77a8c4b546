import { possibleIds } from '../spec/supervisor-ids.ts';
import type { Understood } from '../spec/understand.ts';
import { appearsWithin, type Ending, endSupervisor } from './former-supervisors.ts';
import { heldIn, wasTaken } from './held.ts';
import type { Tending } from './work.ts';

/** How what Druid has is to end. */
export type How = 'Terminate' | 'Suspend';

/**
 * Ends the supervisors and the task that a status tells of, and those that it should tell of, if it was lost. What Druid will not
 * end is an obstacle in the ledger.
 *
 * @throws {NotAnswered} when Druid does not answer
 */
export async function endHeld(understood: Understood | undefined, how: How, tending: Tending): Promise<void> {
  const { ledger } = tending;
  const held = heldIn(ledger.status);
  if (held?.isTask === true) await endTask(held.id, tending);
  else if (held !== undefined) await endOne(held.id, isKnown(held.id, tending) ? 'Known' : 'Possible', how, tending);
  for (const former of ledger.status.formerIds ?? []) await endOne(former, 'Known', 'Terminate', tending);
  if (ledger.status.submitting !== undefined) await endPossible(how, tending);
  const isUnknown = held === undefined && ledger.status.submitting === undefined;
  if (!isUnknown || understood?.kind !== 'Supervisor') return;
  for (const id of possibleIds(understood)) await endOne(id, 'Possible', how, tending);
}

/** What another resource comes first with is ours by its mark alone: the first Druid operator let two have one supervisor. */
function isKnown(id: string, { ledger, collisions }: Tending): boolean {
  return wasTaken(ledger.status) && !collisions.has(`supervisor ${id}`);
}

/** One of them at most was made; while none is there, Druid may still be about to make it. */
async function endPossible(how: How, tending: Tending): Promise<void> {
  const { ledger, nowMs } = tending;
  const { ids: all = [], since = '' } = ledger.status.submitting ?? {};
  const ids = all.filter((id) => id !== heldIn(ledger.status)?.id);
  const ends: Ending[] = [];
  for (const id of ids) ends.push(await endOne(id, 'Possible', how, tending));
  if (ends.some((end) => end === 'Ended')) return ledger.note({ submitting: undefined });
  if (!ends.includes('Absent') || nowMs - Date.parse(since) >= appearsWithin) return;
  const message = `Druid was asked for supervisor ${ids.join(' or ')} and gave no answer; it may still be made`;
  ledger.block({ reason: 'SubmissionUnknown', message });
}

async function endTask(id: string, tending: Tending): Promise<void> {
  const { ledger, druid } = tending;
  const { state } = ledger.status;
  if (state === 'SUCCESS' || state === 'FAILED' || state === 'STOPPED') return;
  const answer = await druid.settle((api) => api.shutDownTask(id));
  if (answer.kind === 'Refused') {
    const message = `Druid refuses to stop task ${id}, which goes on: ${answer.message}`;
    return ledger.block({ reason: 'EndRefused', message });
  }
  if (answer.value === 'Stopped') return ledger.tell('Stopped', `Stopped task ${id}`);
  if (isAwaited(tending)) {
    const message = `Druid was asked for task ${id} and gave no answer; it may still be made`;
    ledger.block({ reason: 'SubmissionUnknown', message });
  }
}

/** Whether a task that is not there may still come: nothing is asked for after the deletion. */
function isAwaited({ ledger, ingestion, nowMs }: Tending): boolean {
  const { deletionTimestamp = '' } = ingestion.metadata;
  return ledger.status.submittingHash !== undefined && nowMs - Date.parse(deletionTimestamp) < appearsWithin;
}

async function endOne(id: string, standing: 'Known' | 'Possible', how: How, tending: Tending): Promise<Ending> {
  const end = await endSupervisor(id, standing, tending, how);
  if (end === 'Refused') {
    const message = `Druid refuses to end supervisor ${id}; end it in Druid, or see why it will not`;
    tending.ledger.block({ reason: 'EndRefused', message });
  }
  return end;
}
