import type { Json, JsonObject } from '../druid/druid-api.ts';

/** Whether a value is a JSON object, and no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of field names; `undefined` where one of them is missing. */
export function valueAt(object: JsonObject, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, field) => (isJsonObject(value) ? value[field] : undefined), object);
}

/** The text at a path; `undefined` where there is none, or it is empty. */
export function textAt(object: JsonObject, ...path: readonly string[]): string | undefined {
  const value = valueAt(object, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A place in a JSON value: field names and list positions. */
export type JsonPath = readonly (string | number)[];

/** Every value inside a value, itself included, with where it is; those of an object before those inside them. */
export function* valuesIn(value: Json, path: JsonPath = []): Generator<readonly [JsonPath, Json]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  const entries: Iterable<readonly [string | number, Json]> = isList(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) yield* valuesIn(inner, [...path, key]);
}

/** The same value with every text in it replaced; names of fields stay. */
export function withTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((inner) => withTexts(inner, replace));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTexts(inner, replace)]));
}

/** `Array.isArray` does not narrow what is read-only. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** `ioConfig.inputSource.type`: how a place is named to people. */
export function placeText(path: JsonPath): string {
  return path.join('.');
}
