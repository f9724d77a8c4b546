import { heldIn } from './held.ts';
import type { Work } from './work.ts';

/** What belongs to one supervisor or task, and says nothing of another. */
const nothingKnown = {
  ...{ id: undefined, state: undefined, detailedState: undefined, lag: undefined, recentErrors: undefined },
  ...{ taskId: undefined, lastGoodSpecHash: undefined, refusedSpec: undefined, submittingHash: undefined },
  ...{ refusedLastGoodHash: undefined, ingestionType: undefined, 'currentIngestionSpec.json': undefined },
};

/** States in which a task does not run, or does not run any more. */
const ended: readonly (string | undefined)[] = ['SUCCESS', 'FAILED', 'STOPPED'];

/**
 * Where a supervisor has become a task, or a task a supervisor: the former one is to end, and nothing of it holds any more.
 *
 * @returns false where the former one goes on, because Druid would not end it
 * @throws {NotAnswered} when Druid does not answer
 */
export async function leaveFormerKind(work: Work): Promise<boolean> {
  const { ledger, understood, druid, memory, uid } = work;
  const held = heldIn(ledger.status);
  if (held === undefined || held.isTask === (understood.kind !== 'Supervisor')) return true;
  if (held.isTask && !ended.includes(ledger.status.state)) {
    const answer = await druid.settle((api) => api.shutDownTask(held.id));
    if (answer.kind === 'Refused') {
      const message = `Druid refuses to stop task ${held.id}, which goes on: ${answer.message}. Stop it in Druid`;
      ledger.block({ reason: 'EndRefused', message });
      return false;
    }
  }
  for (const aspect of ['supervisor', 'state'] as const) memory.drop(uid, aspect);
  const { formerIds = [] } = ledger.status;
  ledger.note({ ...nothingKnown, ...(!held.isTask && { formerIds: [...formerIds, held.id] }) });
  if (held.isTask) ledger.lastGood = undefined;
  return true;
}
