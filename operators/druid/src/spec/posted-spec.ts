import type { JsonObject } from '../druid/druid-api.ts';
import { type Owner, withOwner } from './owner-mark.ts';
import type { Understood } from './understand.ts';

/** What the resource adds to a spec. */
export interface Additions {
  /** The resource, which the supervisor is marked with; it gets no mark unless given. */
  readonly owner?: Owner;
  readonly isSuspended: boolean;
}

/** The spec of a supervisor as it is sent to Druid, but for the references to Secrets, which are not put in. */
export function postedSupervisor(understood: Understood, { owner, isSuspended }: Additions): JsonObject {
  const { type, spec, supervisorId = '' } = understood;
  const named = type === 'scheduled_batch' ? { ...spec, id: supervisorId } : spec;
  const posted = { type, ...named, suspended: isSuspended };
  return owner === undefined ? posted : withOwner(posted, type, owner);
}

/** A task as it is sent to Druid, under an id of ours, so that asking twice starts it once. */
export function postedTask({ type, spec }: Understood, id: string): JsonObject {
  return { type, ...spec, id };
}

/** A statement as it is sent to Druid. Druid makes the id of the task from that of the query. */
export function postedSql({ spec }: Understood, queryId: string): JsonObject {
  const { context } = spec;
  const given = typeof context === 'object' && context !== null && !Array.isArray(context) ? context : {};
  return { ...spec, context: { ...given, sqlQueryId: queryId } };
}

/** Id of the task that Druid makes of a query. */
export function taskOfQuery(queryId: string): string {
  return `query-${queryId}`;
}
