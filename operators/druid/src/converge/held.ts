import { jsonOf } from '../druid/json-text.ts';
import { isJsonObject, textAt } from '../spec/json-object.ts';
import { isTaskType } from '../spec/understand.ts';
import type { StatusNotes } from './ledger.ts';

/** What a status says Druid has of an ingestion. */
export interface Held {
  readonly id: string;
  readonly isTask: boolean;
}

/** The supervisor or task that a status knows of, also one of the first Druid operator; `undefined` when Druid took none yet. */
export function heldIn(status: StatusNotes): Held | undefined {
  const id = status.id ?? status.taskId;
  if (id === undefined || id === '') return undefined;
  return { id, isTask: isTaskType(heldTypeIn(status) ?? '') };
}

/** What kind Druid has: kafka, index_parallel, sql ...; `undefined` when that is not known. */
export function heldTypeIn(status: StatusNotes): string | undefined {
  return status.ingestionType ?? typeSent(status['currentIngestionSpec.json'] ?? '');
}

/** The first Druid operator kept what it sent, and not what kind that is. */
function typeSent(text: string): string | undefined {
  const spec = jsonOf(text);
  return isJsonObject(spec) ? textAt(spec, 'type') : undefined;
}

/**
 * Whether a status is still as the first Druid operator left it: it names what Druid has, and this one has noted nothing of it.
 * Whatever it was written by may have given its fields any type.
 */
export function isOfFirstOperator({ id, taskId, lastGoodSpecHash }: StatusNotes): boolean {
  return typeof taskId === 'string' && taskId !== '' && id === undefined && lastGoodSpecHash === undefined;
}

/** Whether Druid has ever taken a spec of the ingestion. */
export function wasTaken({ lastGoodSpecHash, taskId }: StatusNotes): boolean {
  return lastGoodSpecHash !== undefined || taskId !== undefined;
}
