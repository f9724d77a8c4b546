import type { Json, JsonObject } from '@capstan/crd';

/** What a JSON merge patch (RFC 7386) makes of an object: objects are merged, null removes, anything else replaces. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(target).filter(([key]) => !Object.hasOwn(patch, key));
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, merged(Object.hasOwn(target, key) ? target[key] : undefined, value)]);
  return Object.fromEntries([...kept, ...changed]);
}

function merged(before: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  return mergePatch(isJsonObject(before) ? before : {}, patch);
}

/** Whether a value is an object with fields, and neither a list nor null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
