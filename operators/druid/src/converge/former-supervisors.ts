import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Conversation } from './conversation.ts';
import type { Ledger } from './ledger.ts';
import { foreignness } from './ownership.ts';
import type { Work } from './work.ts';

/** Ends the supervisors that the ingestion had under other ids, once the new one is there. */
export async function endFormerSupervisors({ ingestion, druid, ledger }: Work): Promise<void> {
  const { formerIds = [], id } = ledger.status;
  for (const former of formerIds) {
    const gone = former === id || (await endSupervisor(ingestion, former, druid, ledger, 'Terminate')) !== 'Refused';
    if (!gone) continue;
    const left = (ledger.status.formerIds ?? []).filter((each) => each !== former);
    ledger.note({ formerIds: left.length === 0 ? undefined : left });
  }
}

/** What came of ending a supervisor. `Foreign`: it is not ours, and was left alone. */
export type Ending = 'Ended' | 'Absent' | 'Foreign' | 'Refused';

/** Terminates or suspends one supervisor, if it is there and ours. */
export async function endSupervisor(
  ingestion: DruidIngestion,
  id: string,
  druid: Conversation,
  ledger: Ledger,
  how: 'Terminate' | 'Suspend',
): Promise<Ending> {
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown === undefined) return 'Absent';
  if (foreignness(ingestion, id, shown, [id]) !== undefined) {
    ledger.warn('LeftAlone', `Supervisor ${id} belongs to somebody else by now: left alone`);
    return 'Foreign';
  }
  const answer = await druid.settle<string>((api) => (how === 'Terminate' ? api.terminate(id) : api.suspend(id)));
  if (answer.kind === 'Refused') {
    ledger.warn(
      'EndRefused',
      `Druid refuses to ${how === 'Terminate' ? 'terminate' : 'suspend'} supervisor ${id}: ${answer.message}`,
    );
    return 'Refused';
  }
  if (answer.value === 'Absent') return 'Absent';
  ledger.tell(answer.value, `${answer.value} supervisor ${id}`);
  return 'Ended';
}
