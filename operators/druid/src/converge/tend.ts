import { heldIn } from './held.ts';
import { tendTask } from './task.ts';
import { tendSupervisor } from './tend-supervisor.ts';
import type { Tending } from './work.ts';

/**
 * Looks after what Druid has, while no spec of it may be sent.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function tend(tending: Tending): Promise<void> {
  const isTask = heldIn(tending.ledger.status)?.isTask === true;
  await (isTask ? tendTask(tending) : tendSupervisor(tending));
}
