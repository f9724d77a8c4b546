import { heldIn } from '../converge/held.ts';
import type { Findings } from '../findings.ts';

/** Whether Druid has a supervisor or a task of the ingestion, or would have; `undefined` when nobody knows. Pure. */
export function kindOf({
  ledger,
  understood,
}: Pick<Findings, 'ledger' | 'understood'>): 'Supervisor' | 'Task' | undefined {
  const held = heldIn(ledger.status);
  if (held !== undefined) return held.isTask ? 'Task' : 'Supervisor';
  if (understood === undefined) return undefined;
  return understood.kind === 'Supervisor' ? 'Supervisor' : 'Task';
}
