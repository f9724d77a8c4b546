import { isJsonObject, type Json, type JsonObject } from '../json-schema.ts';
import type { Loss } from './loss.ts';

/** What is kept beside an object: by version, what objects of that version hold and this one cannot. */
export type ConversionData = ReadonlyMap<string, readonly Loss[]>;

/**
 * Reads the annotation. What is not written by this library counts as not written at all: an object that somebody
 * gave a broken annotation must stay readable in every version.
 */
export function readConversionData(annotation: Json | undefined): ConversionData {
  const parsed = typeof annotation === 'string' ? parsedJson(annotation) : undefined;
  if (!isJsonObject(parsed)) return new Map();
  return new Map(
    Object.entries(parsed).flatMap(([version, list]) => (isLosses(list) ? [[version, list] as const] : [])),
  );
}

/** The annotation, or undefined where nothing is to be kept. */
export function writeConversionData(data: ConversionData): string | undefined {
  const kept = [...data].filter(([, list]) => list.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.length === 0 ? undefined : JSON.stringify(Object.fromEntries(kept));
}

function parsedJson(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}

function isLosses(value: Json | undefined): value is readonly (Loss & JsonObject)[] {
  return Array.isArray(value) && value.every((loss: Json) => isJsonObject(loss) && isPath(loss['path']));
}

function isPath(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.every((step: Json) => typeof step === 'string' || (isJsonObject(step) && Object.hasOwn(step, 'item')))
  );
}
