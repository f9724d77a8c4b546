import { leaveFormerKind } from './change-of-kind.ts';
import { compactionSetting, rulesSetting } from './data-source-settings.ts';
import { convergeDynamicConfig } from './dynamic-config.ts';
import { endFormerSupervisors, hasTooManyLeft } from './former-supervisors.ts';
import { heldIn } from './held.ts';
import { convergeLookups } from './lookups.ts';
import { needingConfig } from './needing-config.ts';
import { carryOutOperations } from './operations.ts';
import { convergeSetting } from './setting.ts';
import { convergeSupervisor } from './supervisor.ts';
import { convergeTask } from './task.ts';
import { tendSupervisor } from './tend-supervisor.ts';
import type { Work } from './work.ts';

/**
 * Makes Druid as the spec says, in the order in which one thing needs another. What came of it is in the ledger, also when it
 * ends early.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function converge(work: Work): Promise<void> {
  const { ledger, understood } = work;
  if (!(await convergeIngestion(work))) return;
  const isTaken = ledger.status.lastGoodSpecHash !== undefined;
  // What hangs on the data source is not held back by a spec that Druid refuses.
  await convergeSetting(rulesSetting(work), work);
  await convergeSetting(compactionSetting(work), work);
  if (isTaken && understood.kind === 'Supervisor') await carryOutOperations(work);
  await convergeClusterSettings(work);
}

/**
 * Makes the supervisor or the task as the spec says, and ends what it had before.
 *
 * @returns false where nothing else may be done, because what stands in Druid is not this resource's, or does not end
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function convergeIngestion(work: Work): Promise<boolean> {
  const { ledger, understood } = work;
  if (hasTooManyLeft(work)) await endFormerSupervisors(work);
  if (hasTooManyLeft(work)) return waitForFormer(work);
  if (!(await leaveFormerKind(work))) return false;
  if (understood.kind === 'Supervisor') await convergeSupervisor(work);
  else await convergeTask(work);
  if (ledger.obstacles.some(({ reason }) => reason === 'NotOurs')) return false;
  if (ledger.status.lastGoodSpecHash !== undefined) await endFormerSupervisors(work);
  return true;
}

async function waitForFormer(work: Work): Promise<false> {
  const message = 'Druid refuses to end the many supervisors that this resource had under other ids; end them in Druid';
  work.ledger.block({ reason: 'EndRefused', message });
  if (heldIn(work.ledger.status)?.isTask === false) await tendSupervisor(work);
  return false;
}

/** What belongs to the whole Druid comes last: it needs a permission that the ingestion itself does not need. */
async function convergeClusterSettings(work: Work): Promise<void> {
  await needingConfig('Lookups', () => convergeLookups(work));
  await needingConfig('Dynamic configurations', async () => {
    await convergeDynamicConfig('Coordinator', work);
    await convergeDynamicConfig('Overlord', work);
  });
}
