import type { JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, textAt } from '../spec/json-object.ts';
import { objectHash } from '../spec/object-hash.ts';
import { isTaskType } from '../spec/understand.ts';
import type { StatusNotes } from './ledger.ts';

/** A task that the first Druid operator has submitted, and the hash of its spec. */
export interface FormerTask {
  readonly id: string;
  readonly hash: string;
}

/** The task that a status of the first Druid operator tells of; `undefined` for a status that says more, or of a supervisor. */
export function formerTask(status: StatusNotes): FormerTask | undefined {
  const { id, taskId, lastGoodSpecHash, 'currentIngestionSpec.json': sent = '' } = status;
  if (taskId === undefined || taskId === '' || id !== undefined || lastGoodSpecHash !== undefined) return undefined;
  const spec = objectIn(sent);
  const isTask = spec !== undefined && isTaskType(textAt(spec, 'type') ?? '');
  return isTask ? { id: taskId, hash: objectHash(spec) } : undefined;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
