import type { Json, SupervisorStatus } from './druid-api.ts';
import { isJsonObject, listOf, numberOf, textOf } from './json-text.ts';
import type { Redaction } from './redaction.ts';
import { oneLine } from './short-message.ts';

/** How many errors of a supervisor are told. */
const toldErrors = 3;

/** Reads `/supervisor/{id}/status`; `undefined` when it is none. Supervisors that read no stream say less. Pure. */
export function supervisorStatusOf(body: Json | undefined, redact: Redaction): SupervisorStatus | undefined {
  const payload = isJsonObject(body) ? body['payload'] : undefined;
  if (!isJsonObject(payload)) return undefined;
  const state = textOf(payload['state']) ?? textOf(payload['scheduleStatus']) ?? 'UNKNOWN';
  const { suspended, aggregateLag, latestOffsets, activeTasks } = payload;
  // Until Druid has asked the stream how far it goes, it says 0.
  const lag = isJsonObject(latestOffsets) ? numberOf(aggregateLag) : undefined;
  return {
    state,
    detailedState: textOf(payload['detailedState']) ?? state,
    healthy: payload['healthy'] !== false,
    ...(typeof suspended === 'boolean' ? { suspended } : {}),
    ...(lag === undefined ? {} : { aggregateLag: lag }),
    activeTasks: listOf(activeTasks).length,
    recentErrors: recentErrorsOf(payload['recentErrors'], redact),
  };
}

/** Druid tells the oldest first. Its times are all in UTC and of one length, so they sort as texts. */
function recentErrorsOf(errors: Json | undefined, redact: Redaction): SupervisorStatus['recentErrors'] {
  return listOf(errors)
    .filter(isJsonObject)
    .map((error) => ({
      timestamp: textOf(error['timestamp']) ?? '',
      message: oneLine(textOf(error['message']) ?? textOf(error['exceptionClass']) ?? 'no message', redact),
    }))
    .sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1))
    .slice(0, toldErrors);
}
