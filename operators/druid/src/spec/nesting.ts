import type { Json } from '../druid/druid-api.ts';
import { isJsonObject, keysOf, valuesIn } from './json-object.ts';

/** How many objects and lists may be inside each other in a spec. Those of Druid need a dozen. */
export const mostLevels = 64;

/** How many fields are named of a place: enough to find it. */
const namedFields = 6;

/**
 * Where a value is nested deeper than `most` levels, told by its first few fields; `undefined` when it is not. To be asked before
 * anything goes through a value by calling itself, which has an end far below what can be stored.
 */
export function tooDeepAt(value: Json, most: number = mostLevels): string | undefined {
  for (const place of valuesIn(value)) {
    const isHolder = typeof place.value === 'object' && place.value !== null;
    if (isHolder && place.depth >= most) return keysOf(place).slice(0, namedFields).join('.');
  }
  return undefined;
}

/** The same value without what is nested deeper than `most` levels: `null` stands there. */
export function cutBelow(value: Json, most: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (most === 0) return null;
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutBelow(inner, most - 1)]));
  // What is no object and not a scalar is a list; `Array.isArray` does not narrow what is read-only.
  return (value as readonly Json[]).map((inner) => cutBelow(inner, most - 1));
}
