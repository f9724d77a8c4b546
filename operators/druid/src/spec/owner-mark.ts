import type { JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, textAt, valueAt } from './json-object.ts';

/** The fields that say in Druid whose a supervisor is: UID, and namespace and name, of its resource. */
const uidField = 'druidIngestionUid';
const resourceField = 'druidIngestion';

/** The resource that something in Druid belongs to. */
export interface Owner {
  readonly uid: string;
  /** `namespace/name`; a resource that was restored from a backup has another UID, and the same of this. */
  readonly resource?: string;
}

/** Where the types keep what they do not know themselves. */
function contextPath(type: string): readonly string[] {
  if (type === 'autocompact') return ['spec', 'taskContext'];
  if (type === 'scheduled_batch') return ['spec', 'context'];
  return ['context'];
}

/** The same spec, marked as that of this owner. */
export function withOwner(spec: JsonObject, type: string, { uid, resource }: Owner): JsonObject {
  const path = contextPath(type);
  const marked = withField(spec, [...path, uidField], uid);
  return resource === undefined ? marked : withField(marked, [...path, resourceField], resource);
}

/** Whose a spec in Druid is; `undefined` when it is nobody's, as far as one can see. */
export function ownerOf(spec: JsonObject, type: string): Owner | undefined {
  const path = contextPath(type);
  const uid = textAt(spec, ...path, uidField);
  const resource = textAt(spec, ...path, resourceField);
  return uid === undefined ? undefined : { uid, ...(resource !== undefined && { resource }) };
}

function withField(object: JsonObject, [field, ...rest]: readonly string[], value: string): JsonObject {
  if (field === undefined) return object;
  if (rest.length === 0) return { ...object, [field]: value };
  const inner = valueAt(object, field);
  return { ...object, [field]: withField(isJsonObject(inner) ? inner : {}, rest, value) };
}
