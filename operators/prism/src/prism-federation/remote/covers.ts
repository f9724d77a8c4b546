/**
 * Whether a live value has all that a wanted one says: objects may have further fields, which are defaults or belong to others; lists
 * must be the same, item by item.
 */
export function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((item, index) => covers(live[index], item))
    );
  if (!isMap(wanted)) return live === wanted;
  if (!isMap(live)) return false;
  return Object.entries(wanted).every(([key, value]) => (Object.hasOwn(live, key) ? covers(live[key], value) : false));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
