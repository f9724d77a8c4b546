import type { Json } from '../druid/druid-api.ts';

/** Whether a value has all that is wanted of it, besides what Druid adds: fields of objects; lists must be as long. */
export function includes(current: Json | undefined, wanted: Json): boolean {
  if (current === undefined) return false;
  if (typeof wanted !== 'object' || wanted === null) return current === wanted;
  if (typeof current !== 'object' || current === null || Array.isArray(current) !== Array.isArray(wanted)) return false;
  const [has, asked] = [Object.entries(current), Object.entries(wanted)];
  if (Array.isArray(wanted) && has.length !== asked.length) return false;
  const values = new Map<string, Json>(has);
  return asked.every(([name, value]) => includes(values.get(name), value));
}
