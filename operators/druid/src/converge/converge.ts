import { leaveFormerKind } from './change-of-kind.ts';
import { compactionSetting, rulesSetting } from './data-source-settings.ts';
import { endFormerSupervisors } from './former-supervisors.ts';
import { carryOutOperations } from './operations.ts';
import { convergeSetting } from './setting.ts';
import { convergeSupervisor } from './supervisor.ts';
import { convergeTask } from './task.ts';
import type { Work } from './work.ts';

/**
 * Makes Druid as the spec says, in the order in which one thing needs another. What came of it is in the ledger, also when it
 * ends early.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function converge(work: Work): Promise<void> {
  const { ledger, understood } = work;
  await leaveFormerKind(work);
  const isNew = ledger.status.lastGoodSpecHash === undefined;
  if (understood.kind === 'Supervisor') await convergeSupervisor(work);
  else await convergeTask(work);
  if (ledger.obstacles.some(({ reason }) => reason === 'NotOurs')) return;
  const isTaken = ledger.status.lastGoodSpecHash !== undefined;
  if (isTaken) await endFormerSupervisors(work);
  // What hangs on the data source is not held back by a spec that Druid refuses.
  await convergeSetting(rulesSetting(work), work);
  await convergeSetting(compactionSetting(work), work);
  if (isTaken && understood.kind === 'Supervisor') await carryOutOperations(work, isNew);
}
