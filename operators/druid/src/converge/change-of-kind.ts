import { isTaskType } from '../spec/understand.ts';
import type { Work } from './work.ts';

/** What belongs to one supervisor or task, and says nothing of another. */
const nothingKnown = {
  ...{ id: undefined, state: undefined, detailedState: undefined, lag: undefined, recentErrors: undefined },
  ...{ lastGoodSpecHash: undefined, refusedSpec: undefined, submittingHash: undefined },
};

/** Where a supervisor has become a task, or a task a supervisor: the former one is to end, and nothing of it holds any more. */
export async function leaveFormerKind({ ledger, understood, druid }: Work): Promise<void> {
  const { ingestionType, id, formerIds = [], state } = ledger.status;
  if (ingestionType === undefined || id === undefined) return;
  const [wasTask, isTask] = [isTaskType(ingestionType), understood.kind !== 'Supervisor'];
  if (wasTask === isTask) return;
  if (!wasTask) return ledger.note({ ...nothingKnown, formerIds: [...formerIds, id] });
  if (state !== 'SUCCESS' && state !== 'FAILED') await druid.settle((api) => api.shutDownTask(id));
  ledger.note(nothingKnown);
  ledger.lastGood = undefined;
}
