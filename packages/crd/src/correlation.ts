import { isJsonObject, type Json, type JsonSchema } from './json-schema.ts';

/** Equality of JSON values; the order of an object's members does not count, that of a list does. */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => jsonEqual(item, b[i]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && jsonEqual(a[name], b[name]))
  );
}

/**
 * The item of a list-map with the same keys as `item`, or undefined. Items of other lists are not correlated:
 * their place says nothing about their identity.
 */
export function correlatedItem(schema: JsonSchema, item: Json, old: Json | undefined): Json | undefined {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return undefined;
  const key = listKeyOf(schema, item);
  return old.find((candidate: Json) => jsonEqual(listKeyOf(schema, candidate), key));
}

/** The values of an item's key fields, in the order the schema names them; null stands for an absent one. */
export function listKeyOf(schema: JsonSchema, item: Json): Json {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return keys.map((key) => (isJsonObject(item) ? (item[key] ?? null) : null));
}

/** Equality as an update sees it: the items of a list-map may have changed their order. */
export function unchanged(schema: JsonSchema | undefined, value: Json | undefined, old: Json | undefined): boolean {
  if (schema === undefined || value === undefined || old === undefined) return false;
  if (Array.isArray(value) && schema['x-kubernetes-list-type'] === 'map') {
    if (!Array.isArray(old) || value.length !== old.length) return false;
    return value.every((item: Json) => unchanged(schema.items, item, correlatedItem(schema, item, old)));
  }
  if (isJsonObject(value) && isJsonObject(old)) {
    const names = Object.keys(value);
    return (
      names.length === Object.keys(old).length &&
      names.every((name) => unchanged(schema.properties?.[name] ?? schema.additionalProperties, value[name], old[name]))
    );
  }
  return jsonEqual(value, old);
}
