import type { Json, TaskStatus } from './druid-api.ts';
import { isJsonObject, numberOf, textOf } from './json-text.ts';
import type { Redaction } from './redaction.ts';
import { oneLine } from './short-message.ts';

const states = ['RUNNING', 'SUCCESS', 'FAILED'] as const;

/** Reads `/task/{id}/status`; `undefined` when it is none. Pure. */
export function taskStatusOf(body: Json | undefined, redact: Redaction): TaskStatus | undefined {
  const told = isJsonObject(body) ? body['status'] : undefined;
  if (!isJsonObject(told)) return undefined;
  const status = states.find((state) => state === told['status']);
  if (status === undefined) return undefined;
  const error = textOf(told['errorMsg']);
  return {
    status,
    runnerStatus: textOf(told['runnerStatusCode']) ?? 'NONE',
    durationMs: numberOf(told['duration']) ?? -1,
    ...(error === undefined ? {} : { error: oneLine(error, redact) }),
  };
}
