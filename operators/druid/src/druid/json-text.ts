import type { Json, JsonObject } from './druid-api.ts';

/** What a text says as JSON; `undefined` when it says none. */
export function jsonOf(text: string): Json | undefined {
  try {
    // Safe: whatever JSON.parse returns without a reviver is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object, neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Narrows to a text; anything else is `undefined`. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Narrows to a number; anything else is `undefined`. */
export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Narrows to a list; anything else is an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
