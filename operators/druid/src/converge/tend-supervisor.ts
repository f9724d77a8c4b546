import { heldIn } from './held.ts';
import { foreignnessAt } from './place.ts';
import { readState } from './supervisor-state.ts';
import type { Tending } from './work.ts';

/**
 * Looks after a supervisor that no spec can be sent to: reads how it is, and suspends it by a call where that is asked for.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function tendSupervisor(tending: Tending): Promise<void> {
  const { ledger, isSuspended } = tending;
  const held = heldIn(ledger.status);
  if (held === undefined) return;
  const isThere = await readState(tending);
  if (!isThere) ledger.note({ state: undefined, detailedState: undefined, lag: undefined });
  if (isThere && isSuspended && ledger.supervisor?.suspended !== true) await suspend(held.id, tending);
}

async function suspend(id: string, tending: Tending): Promise<void> {
  const { druid, ledger } = tending;
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown === undefined || shown['suspended'] === true) return;
  const why = foreignnessAt(id, shown, tending);
  if (why !== undefined) return ledger.block({ reason: 'NotOurs', message: why });
  const answer = await druid.settle((api) => api.suspend(id));
  if (answer.kind === 'Refused')
    return ledger.block({
      reason: 'EndRefused',
      message: `Druid refuses to suspend supervisor ${id}: ${answer.message}`,
    });
  ledger.tell('Suspended', `Suspended supervisor ${id}`);
  await readState(tending);
}
