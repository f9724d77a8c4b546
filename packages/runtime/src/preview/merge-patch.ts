import { fieldOf, isRecord } from '../engine/json-value.ts';

/** What a JSON merge patch (RFC 7386) makes of a value. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const before = isRecord(target) ? target : {};
  const kept = Object.entries(before).filter(([key]) => !Object.hasOwn(patch, key));
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, mergePatch(fieldOf(before, key), value)]);
  return Object.fromEntries([...kept, ...changed]);
}
