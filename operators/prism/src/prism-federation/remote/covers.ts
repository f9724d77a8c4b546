/**
 * Whether a live value has all that a wanted one says: objects may have further fields, which are defaults or belong to others; lists
 * must be the same, item by item.
 */
export function covers(live: unknown, wanted: unknown): boolean {
  return firstDifference(live, wanted, '') === undefined;
}

/**
 * The path of the first field in which a live value lacks what a wanted one says; `undefined` when it has all. Only names of fields.
 * @param at path of the value itself, such as `spec`
 */
export function firstDifference(live: unknown, wanted: unknown, at: string): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return at;
    return firstOf(wanted.map((item, index) => () => firstDifference(live[index], item, `${at}[${index}]`)));
  }
  if (!isMap(wanted)) return live === wanted ? undefined : at;
  if (!isMap(live)) return at;
  return firstOf(
    Object.entries(wanted).map(([key, value]) => () => {
      const path = `${at}.${key}`;
      return Object.hasOwn(live, key) ? firstDifference(live[key], value, path) : path;
    }),
  );
}

function firstOf(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value is an object with fields, and neither a list nor null. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
