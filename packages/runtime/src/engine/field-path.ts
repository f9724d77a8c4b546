import { isRecord } from './json-value.ts';

/**
 * The way to a field in the API server's own notation, from the root: `f:` a field, `k:` a list item by its key fields,
 * `v:` a set item by its value, `i:` a list item by its index.
 */
export type FieldPath = readonly string[];

/**
 * A field path as people read it.
 *
 * @example
 * ```ts
 * fieldPathText(['f:spec', 'f:containers', 'k:{"name":"broker"}', 'f:image']) // '.spec.containers[name=broker].image'
 * fieldPathText(['f:metadata', 'f:labels', 'f:example.com/tier'])             // '.metadata.labels["example.com/tier"]'
 * ```
 */
export function fieldPathText(path: FieldPath): string {
  return path.map(elementText).join('') || '.';
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return /^[A-Za-z0-9_-]+$/.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
  if (element.startsWith('k:')) return `[${keyText(JSON.parse(text))}]`;
  return `[${element.startsWith('v:') ? '=' : ''}${text}]`;
}

function keyText(key: unknown): string {
  if (!isRecord(key)) return '?';
  return Object.entries(key)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(',');
}
