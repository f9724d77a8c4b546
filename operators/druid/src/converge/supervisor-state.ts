import { heldIn } from './held.ts';
import type { Tending } from './work.ts';

/** Most errors that the status keeps. */
const mostErrors = 3;

/** Reads how the supervisor is; false when Druid does not have it (any more). */
export async function readState({ druid, ledger, memory, uid, nowMs }: Tending): Promise<boolean> {
  const id = heldIn(ledger.status)?.id ?? '';
  const state = await druid.value((api) => api.supervisorStatus(id));
  if (state === undefined) return false;
  memory.set(uid, 'state', { key: '', shown: undefined, checkedAtMs: nowMs });
  ledger.supervisor = state;
  const errors = state.recentErrors.slice(0, mostErrors);
  ledger.note({
    ...{ state: state.state, detailedState: state.detailedState },
    lag: state.aggregateLag === undefined ? undefined : Math.max(0, Math.round(state.aggregateLag)),
    recentErrors: errors.length === 0 ? undefined : errors,
  });
  return true;
}
