import type { JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, textAt, valueAt } from './json-object.ts';

/** The field that says in Druid whose a supervisor is: the UID of its resource. */
const markField = 'druidIngestionUid';

/** Where the types keep what they do not know themselves. */
function contextPath(type: string): readonly string[] {
  if (type === 'autocompact') return ['spec', 'taskContext'];
  if (type === 'scheduled_batch') return ['spec', 'context'];
  return ['context'];
}

/** The same spec, marked as that of the resource with this UID. */
export function withOwner(spec: JsonObject, type: string, uid: string): JsonObject {
  return withField(spec, [...contextPath(type), markField], uid);
}

/** UID of the resource that a spec in Druid belongs to; `undefined` when it is nobody's, as far as one can see. */
export function ownerOf(spec: JsonObject, type: string): string | undefined {
  return textAt(spec, ...contextPath(type), markField);
}

function withField(object: JsonObject, [field, ...rest]: readonly string[], value: string): JsonObject {
  if (field === undefined) return object;
  if (rest.length === 0) return { ...object, [field]: value };
  const inner = valueAt(object, field);
  return { ...object, [field]: withField(isJsonObject(inner) ? inner : {}, rest, value) };
}
