import { type Millis, minutes } from '@capstan/runtime';
import { heldIn } from './held.ts';
import { belongingOf, foreignness } from './ownership.ts';
import type { Tending } from './work.ts';

/** How long after it was asked for a supervisor may still appear: stopping another one takes Druid a minute. */
export const appearsWithin: Millis = minutes(2);

/** How many supervisors may be left to be ended before no more are made. */
const mostLeft = 28;

/** Whether so many former supervisors are left, because Druid would not end them, that the status could not keep one more. */
export function hasTooManyLeft({ ledger: { status } }: Pick<Tending, 'ledger'>): boolean {
  return (status.formerIds ?? []).length + (status.submitting?.ids ?? []).length >= mostLeft;
}

/** Ends the supervisors that the ingestion had under other ids, and those of which no answer told, once the new one is there. */
export async function endFormerSupervisors(tending: Tending): Promise<void> {
  const { ledger } = tending;
  const current = heldIn(ledger.status);
  const isCurrent = (id: string) => current?.isTask === false && current.id === id;
  for (const former of ledger.status.formerIds ?? []) {
    const isGone = isCurrent(former) || (await endSupervisor(former, 'Known', tending)) !== 'Refused';
    if (isGone) forgetFormer(former, tending);
  }
  for (const possible of ledger.status.submitting?.ids ?? []) {
    const end = isCurrent(possible) ? 'Ended' : await endSupervisor(possible, 'Possible', tending);
    if (isSettled(end, tending)) forgetPossible(possible, tending);
  }
}

function isSettled(end: Ending, { ledger, nowMs }: Tending): boolean {
  if (end === 'Refused') return false;
  return end !== 'Absent' || nowMs - Date.parse(ledger.status.submitting?.since ?? '') >= appearsWithin;
}

function forgetFormer(id: string, { ledger }: Tending): void {
  const left = (ledger.status.formerIds ?? []).filter((each) => each !== id);
  ledger.note({ formerIds: left.length === 0 ? undefined : left });
}

function forgetPossible(id: string, { ledger }: Tending): void {
  const { submitting } = ledger.status;
  const left = (submitting?.ids ?? []).filter((each) => each !== id);
  ledger.note({ submitting: submitting === undefined || left.length === 0 ? undefined : { ...submitting, ids: left } });
}

/** What came of ending a supervisor. `Foreign`: it is not ours, and was left alone. */
export type Ending = 'Ended' | 'Absent' | 'Foreign' | 'Refused';

/**
 * Terminates or suspends one supervisor, if it is there and ours.
 *
 * @param standing `Known`: the status says that it is this resource's. `Possible`: only its mark can say so
 */
export async function endSupervisor(
  id: string,
  standing: 'Known' | 'Possible',
  tending: Tending,
  how: 'Terminate' | 'Suspend' = 'Terminate',
): Promise<Ending> {
  const { druid, ledger } = tending;
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown === undefined) return 'Absent';
  const isKnown = standing === 'Known';
  if (foreignness(id, shown, tending, { isKnown, adoption: 'Nothing' }) !== undefined) {
    const whose =
      belongingOf(shown, tending) === 'Unmarked' ? 'was made by somebody else' : 'belongs to another resource';
    ledger.warn('LeftAlone', `Supervisor ${id} ${whose}: left alone`);
    return 'Foreign';
  }
  const answer = await druid.settle<string>((api) => (how === 'Terminate' ? api.terminate(id) : api.suspend(id)));
  if (answer.kind === 'Refused') {
    ledger.warn('EndRefused', `Druid refuses to ${how.toLowerCase()} supervisor ${id}: ${answer.message}`);
    return 'Refused';
  }
  if (answer.value === 'Absent') return 'Absent';
  ledger.tell(answer.value, `${answer.value} supervisor ${id}`);
  return 'Ended';
}
