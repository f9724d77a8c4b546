import type { Json } from '../../druid/druid-api.ts';
import { isJsonObject, valuesIn } from '../json-object.ts';
import { tooDeepAt } from '../nesting.ts';

/**
 * The JSON in a text that Druid parses itself, if it can only be read one way: where a field stands twice, Druid and whoever looks
 * before it may take different ones. `undefined` for all other texts.
 */
export function embeddedJson(text: string): Json | undefined {
  const json = parsed(text);
  if (json === undefined || tooDeepAt(json) !== undefined) return undefined;
  return fieldsIn(json) === fieldsWritten(text) ? json : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    // Safe: whatever JSON.parse returns without a reviver is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function fieldsIn(json: Json): number {
  let fields = 0;
  for (const { value } of valuesIn(json)) if (isJsonObject(value)) fields += Object.keys(value).length;
  return fields;
}

/** In valid JSON, what comes before a colon outside of texts is the name of a field. */
function fieldsWritten(text: string): number {
  return [...text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)/gs)].filter(([, colon]) => colon === ':').length;
}

/** A text as Druid reads what is in it: letters of JSON may be written by their numbers. */
export function withoutUnicodeEscapes(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
