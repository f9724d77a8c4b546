import type { FieldSet } from '@capstan/kube';
import { elementsOf } from './field-set.ts';
import { canonicalJson, fieldOf, isRecord } from './json-value.ts';

/** How the items of one list find their elements in a field set. */
export interface Pairing {
  /** Element by index of the item; `undefined` where no element fits. */
  readonly elements: readonly (string | undefined)[];
  /** Elements that no item claims. */
  readonly unclaimed: readonly string[];
}

/**
 * Pairs list items with the `k:` and `v:` elements of a field set.
 *
 * Exact matches go first, so that of `{port: 53, protocol: UDP}` and `{port: 53}` the first does not take the element of
 * the second, whose protocol the server has filled in.
 */
export function pairItems(items: readonly unknown[], node: FieldSet): Pairing {
  const keys = elementsOf(node).map(parseElement);
  const keyings = keyingsOf(keys);
  const free = new Map(keys.map((key) => [key.identity, key]));
  const elements = items.map((item) => claim(free, exactIdentities(item, keyings)));
  items.forEach((item, index) => {
    if (elements[index] !== undefined) return;
    const loose = [...free.values()].find((key) => fits(item, key));
    elements[index] = loose && claim(free, [loose.identity]);
  });
  return { elements, unclaimed: [...free.values()].map(({ element }) => element) };
}

/** Finds live items by their element; build once per list. */
export function itemFinder(items: readonly unknown[], node: FieldSet): (element: string) => unknown {
  const keys = elementsOf(node).map(parseElement);
  const identities = new Set(keys.map(({ identity }) => identity));
  const keyings = keyingsOf(keys);
  const found = new Map<string, unknown>();
  for (const item of items) {
    for (const identity of exactIdentities(item, keyings)) {
      if (identities.has(identity) && !found.has(identity)) found.set(identity, item);
    }
  }
  return (element) => found.get(parseElement(element).identity);
}

/**
 * The element that a set which owns this item would have for it, judged by the elements of `siblings`; by index where the
 * siblings do not tell how the list is keyed.
 */
export function elementOf(item: unknown, index: number, siblings: readonly FieldSet[]): string {
  const keys = siblings.flatMap(elementsOf).map(parseElement);
  const fitting = keys.find((key) => fits(item, key));
  if (fitting !== undefined) return fitting.element;
  const [sample] = keys;
  if (sample === undefined) return `i:${index}`;
  if (sample.fields === undefined) return `v:${canonicalJson(item)}`;
  const key = Object.fromEntries(Object.keys(sample.fields).map((name) => [name, fieldOf(item, name)]));
  return `k:${canonicalJson(Object.fromEntries(Object.entries(key).filter(([, value]) => value !== undefined)))}`;
}

interface Element {
  readonly element: string;
  /** The key fields of a `k:` element; absent for `v:`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Equal for an item and its element. */
  readonly identity: string;
}

function parseElement(element: string): Element {
  if (element.startsWith('i:')) return { element, identity: element };
  const value: unknown = JSON.parse(element.slice(2));
  const identity = `${element.slice(0, 2)}${canonicalJson(value)}`;
  return element.startsWith('k:') && isRecord(value) ? { element, fields: value, identity } : { element, identity };
}

/** Names of the key fields; none for a set. */
type Keying = readonly string[];

/** The ways in which a list is keyed: one, unless two API versions differ. */
function keyingsOf(keys: readonly Element[]): readonly Keying[] {
  const keyings = keys.map(({ fields }) => Object.keys(fields ?? {}).sort());
  return [...new Map(keyings.map((names) => [names.join(','), names])).values()];
}

function exactIdentities(item: unknown, keyings: readonly Keying[]): readonly string[] {
  return keyings.map((names) =>
    names.length === 0 ? `v:${canonicalJson(item)}` : `k:${canonicalJson(pick(item, names))}`,
  );
}

function pick(item: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, fieldOf(item, name)]));
}

function claim(free: Map<string, Element>, identities: readonly string[]): string | undefined {
  for (const identity of identities) {
    const key = free.get(identity);
    if (key === undefined) continue;
    free.delete(identity);
    return key.element;
  }
  return undefined;
}

function fits(item: unknown, key: Element): boolean {
  if (key.fields === undefined) return key.identity === `v:${canonicalJson(item)}`;
  return Object.entries(key.fields).every(([name, value]) => {
    const own = fieldOf(item, name);
    return own === undefined || canonicalJson(own) === canonicalJson(value);
  });
}
