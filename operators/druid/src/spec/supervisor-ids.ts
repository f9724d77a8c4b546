import type { JsonObject } from '../druid/druid-api.ts';
import { textAt } from './json-object.ts';
import type { Understood } from './understand.ts';

/** Types whose supervisors Druid has always called by an id of their own. */
const namedThemselves: readonly string[] = ['autocompact', 'scheduled_batch'];

/** The ids that Druid may give the supervisor of a spec: from 34 on the one that the spec names; before that, its data source. Pure. */
export function possibleIds({ type, supervisorId = '', dataSource }: Understood): readonly string[] {
  if (namedThemselves.includes(type)) return [supervisorId];
  return [...new Set([supervisorId, dataSource ?? supervisorId])];
}

/** The id that a spec names itself; `undefined` when it names none. Pure. */
export function namedId(spec: JsonObject): string | undefined {
  return textAt(spec, 'id');
}
