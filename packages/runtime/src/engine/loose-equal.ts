import { fieldOf, isRecord } from './json-value.ts';
import { quantityInNanos } from './quantity.ts';

/**
 * How values at one place compare: `loose` where the server normalises what it stores; `bytes` for base64, which it
 * decodes and writes anew; `text` where it stores exactly what it was sent (labels, annotations, ConfigMap data).
 */
export type Comparison = 'loose' | 'bytes' | 'text';

/**
 * Whether the live value is what the server makes of the desired one.
 *
 * Equal are: equal values; a left-out value and an empty one (0, false, "", [], {}, recursively); quantities and RFC 3339
 * times of the same value; a map and one with more keys; lists of the same length, item by item.
 */
export function looseEqual(desired: unknown, live: unknown, comparison: Comparison = 'loose'): boolean {
  if (desired === live) return true;
  if (live === undefined || live === null) return isEmpty(desired);
  if (Array.isArray(desired)) return isEqualList(desired, live, comparison);
  if (isRecord(desired)) return isSubset(desired, live, comparison);
  return isEqualScalar(desired, live, comparison);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}

function isEqualList(desired: readonly unknown[], live: unknown, comparison: Comparison): boolean {
  if (!Array.isArray(live) || live.length !== desired.length) return false;
  return desired.every((item, index) => looseEqual(item, live[index], comparison));
}

function isSubset(desired: Readonly<Record<string, unknown>>, live: unknown, comparison: Comparison): boolean {
  if (!isRecord(live)) return false;
  return Object.keys(desired).every((key) => looseEqual(desired[key], fieldOf(live, key), comparison));
}

function isEqualScalar(desired: unknown, live: unknown, comparison: Comparison): boolean {
  if (comparison === 'text') return false;
  if (comparison === 'bytes')
    return typeof desired === 'string' && typeof live === 'string' && isSameBase64(desired, live);
  return isSameQuantity(desired, live) || isSameInstant(desired, live);
}

function isSameBase64(a: string, b: string): boolean {
  return a.replace(/\s/g, '') === b.replace(/\s/g, '');
}

/** A quantity may be written as a number in the desired body; live it is always text. */
function isSameQuantity(desired: unknown, live: unknown): boolean {
  if (typeof live !== 'string' || (typeof desired !== 'string' && typeof desired !== 'number')) return false;
  const value = quantityInNanos(String(desired));
  return value !== undefined && value === quantityInNanos(live);
}

const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function isSameInstant(desired: unknown, live: unknown): boolean {
  if (typeof desired !== 'string' || typeof live !== 'string') return false;
  return INSTANT.test(desired) && INSTANT.test(live) && Date.parse(desired) === Date.parse(live);
}
