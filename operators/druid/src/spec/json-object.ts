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

/** One value inside another, with where it is. */
export interface Place {
  readonly value: Json;
  /** Its name or position in what holds it; `undefined` for the outermost value. */
  readonly key: string | number | undefined;
  readonly holder: Place | undefined;
  /** How many objects and lists it is in. */
  readonly depth: number;
}

/**
 * Every value inside a value, itself included; those of an object before those inside them. Needs no more than a few words for
 * each, however deep they are.
 */
export function* valuesIn(value: Json): Generator<Place> {
  const ahead: Place[] = [{ value, key: undefined, holder: undefined, depth: 0 }];
  for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
    yield place;
    // The last one on the list comes next.
    pushInner(place, ahead);
  }
}

/** Lists of a million numbers can be stored, so nothing is made for each value but its place. */
function pushInner(holder: Place, ahead: Place[]): void {
  const { value } = holder;
  if (typeof value !== 'object' || value === null) return;
  const depth = holder.depth + 1;
  if (isList(value)) {
    for (let key = value.length - 1; key >= 0; key -= 1) ahead.push({ value: value[key] ?? null, key, holder, depth });
    return;
  }
  for (const key of Object.keys(value).reverse()) ahead.push({ value: value[key] ?? null, key, holder, depth });
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

/** `ioConfig.inputSource.type`: how a place is named to people; empty for the outermost value. */
export function placeText(place: Place): string {
  return keysOf(place).join('.');
}

/** The names and positions that lead to a place, the outermost first. */
export function keysOf(place: Place): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.key !== undefined; at = at.holder) keys.push(at.key);
  return keys.reverse();
}
