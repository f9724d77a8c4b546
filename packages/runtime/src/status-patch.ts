import { isDeepStrictEqual } from 'node:util';

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7396) that turns one status into another: a key that went becomes `null`, maps are compared
 * key by key, lists are sent whole. Keys that are `undefined` or `null` count as absent, in either status.
 *
 * @returns `undefined` when nothing differs, so that nothing need be sent
 *
 * @example
 * ```ts
 * statusPatch({ ready: 1, phase: 'Pending' }, { ready: 3 }) // { ready: 3, phase: null }
 * ```
 */
export function statusPatch(previous: object | undefined, next: object): object | undefined {
  const patch = mapPatch(isMap(previous) ? previous : {}, isMap(next) ? next : {});
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function mapPatch(previous: JsonMap, next: JsonMap): JsonMap {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(next)) {
    if (!isAbsent(value)) assign(patch, key, valuePatch(previous[key], value));
  }
  for (const [key, value] of Object.entries(previous)) {
    if (!isAbsent(value) && isAbsent(next[key])) assign(patch, key, null);
  }
  return patch;
}

function valuePatch(previous: unknown, next: unknown): unknown {
  if (isMap(previous) && isMap(next)) {
    const patch = mapPatch(previous, next);
    return Object.keys(patch).length === 0 ? undefined : patch;
  }
  const wanted = withoutAbsent(next);
  return isDeepStrictEqual(previous, wanted) ? undefined : wanted;
}

/** In a merge patch a null means "remove", also below a key that is new: such keys are left out. */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (!isMap(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) if (!isAbsent(inner)) assign(kept, key, withoutAbsent(inner));
  return kept;
}

/** Defines the key as an own property whatever its name, `__proto__` too. */
function assign(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined)
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
