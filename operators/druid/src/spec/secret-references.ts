import type { Json, JsonObject } from '../druid/druid-api.ts';
import { isJsonObject, valuesIn, withTexts } from './json-object.ts';

/** One key of a Secret in the resource's own namespace. */
export interface SecretReference {
  readonly name: string;
  readonly key: string;
}

const reference = /\$\{secret:([^}]*)\}/g;
const target = /^([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)\/([-._a-zA-Z0-9]{1,253})$/;

/** What one finds in a spec: the references, each once, and what looks like one and is none. */
export interface FoundReferences {
  readonly references: readonly SecretReference[];
  readonly malformed: readonly string[];
}

/** The references `${secret:name/key}` in the texts of a value. */
export function referencesIn(value: Json): FoundReferences {
  const unique = new Set<string>();
  for (const { value: inner } of valuesIn(value)) {
    if (typeof inner === 'string') for (const written of targetsIn(inner)) unique.add(written);
  }
  const parsed = [...unique].map((written) => ({ written, parts: target.exec(written) }));
  return {
    references: parsed.flatMap(({ parts }) => {
      const [, name, key] = parts ?? [];
      return name === undefined || key === undefined ? [] : [{ name, key }];
    }),
    malformed: parsed.flatMap(({ written, parts }) => (parts === null ? [written] : [])),
  };
}

/** `name/key`: under which the value of a reference is found in a map of them. */
export function referenceKey({ name, key }: SecretReference): string {
  return `${name}/${key}`;
}

/** Whether a text holds a reference. */
export function hasReference(text: string): boolean {
  return targetsIn(text).length > 0;
}

/** A text with another one in place of each reference. */
export function withReferences(text: string, replacement: string): string {
  return text.replaceAll(reference, () => replacement);
}

/**
 * The spec with its references put in. The result holds secrets: it goes to Druid and nowhere else.
 * @throws {Error} for a reference without a value, which the caller has to have checked
 */
export function withSecrets(spec: JsonObject, values: ReadonlyMap<string, string>): JsonObject {
  const filled = withTexts(spec, (text) =>
    text.replaceAll(reference, (_all, written: string) => secretValue(written, values)),
  );
  if (!isJsonObject(filled)) throw new Error('replacing texts has changed an object into something else');
  return filled;
}

function secretValue(written: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(written);
  if (value === undefined) throw new Error(`there is no value for the reference to Secret ${written}`);
  return value;
}

function targetsIn(text: string): readonly string[] {
  return [...text.matchAll(reference)].map(([, written = '']) => written);
}
