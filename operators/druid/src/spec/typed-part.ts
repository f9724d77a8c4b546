import type { Json, JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, textAt } from './json-object.ts';

/** A part of a spec of which a field says what Druid is to make of it. */
export interface TypedPart {
  readonly type: string;
  readonly fields: JsonObject;
}

/** `{"type": "http", ...}`; also written `["http", {...}]`, which Druid's JSON parser (Jackson) takes for the same. */
export function typedPart(value: Json): TypedPart | undefined {
  if (isJsonObject(value)) {
    const type = textAt(value, 'type');
    return type === undefined ? undefined : { type, fields: value };
  }
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [type, fields] = value as readonly Json[]; // `Array.isArray` does not narrow what is read-only
  return typeof type === 'string' && isJsonObject(fields) ? { type, fields } : undefined;
}
