import { createHash } from 'node:crypto';
import type { Json } from '../druid/druid-api.ts';
import { isJsonObject } from './json-object.ts';

/** SHA-256 of a JSON value in hexadecimal. Equal values have equal hashes, in whatever order their fields are. */
export function objectHash(value: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: Json): Json {
  if (isJsonObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
  }
  // What is no object and not a scalar is a list; `Array.isArray` does not narrow what is read-only.
  return Array.isArray(value) ? (value as readonly Json[]).map(sorted) : value;
}
