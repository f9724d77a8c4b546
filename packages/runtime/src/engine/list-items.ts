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
  const keyed = keyedElements(node);
  const elements = items.map((item) => claim(keyed.free, identitiesOf(item, keyed.keyings)));
  if (keyed.free.size > 0) {
    items.forEach((item, index) => {
      elements[index] ??= claimLoosely(keyed.free, item);
    });
  }
  return { elements, unclaimed: [...keyed.free.values()].map(({ element }) => element) };
}

/** Finds live items by their element; build once per list. */
export function itemFinder(items: readonly unknown[], node: FieldSet): (element: string) => unknown {
  const { free, keyings } = keyedElements(node);
  const found = new Map<string, unknown>();
  for (const item of items) {
    const element = claim(free, identitiesOf(item, keyings));
    if (element !== undefined) found.set(element, item);
  }
  return (element) => found.get(element);
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
  const key = Object.keys(sample.fields).map((name) => [name, fieldOf(item, name)] as const);
  return `k:${canonicalJson(Object.fromEntries(key.filter(([, value]) => value !== undefined)))}`;
}

interface Element {
  readonly element: string;
  /** The key fields of a `k:` element; absent for `v:`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The value of a `v:` element. */
  readonly value?: unknown;
}

/** Names of the key fields; none for a set. */
type Keying = readonly string[];

interface KeyedElements {
  /** Elements by the identity of their item. */
  readonly free: Map<string, Element>;
  /** The ways in which the list is keyed: one, unless two API versions differ. */
  readonly keyings: readonly Keying[];
}

function keyedElements(node: FieldSet): KeyedElements {
  const free = new Map<string, Element>();
  const keyings = new Map<string, Keying>();
  for (const element of elementsOf(node)) {
    const key = parseElement(element);
    const keying = key.fields === undefined ? [] : Object.keys(key.fields).sort();
    keyings.set(keying.join(), keying);
    free.set(identityOf(key.fields ?? key.value, keying), key);
  }
  return { free, keyings: [...keyings.values()] };
}

function parseElement(element: string): Element {
  if (element.startsWith('i:')) return { element, value: element };
  const value: unknown = JSON.parse(element.slice(2));
  return element.startsWith('k:') && isRecord(value) ? { element, fields: value } : { element, value };
}

function identitiesOf(item: unknown, keyings: readonly Keying[]): readonly string[] {
  return keyings.map((keying) => identityOf(item, keying));
}

/** Equal for an item and the element that stands for it. */
function identityOf(item: unknown, keying: Keying): string {
  return keying.length === 0
    ? identityOfValue(item)
    : keying.map((name) => identityOfValue(fieldOf(item, name))).join();
}

function identityOfValue(value: unknown): string {
  return typeof value === 'object' ? canonicalJson(value) : `${typeof value}:${String(value)}`;
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

function claimLoosely(free: Map<string, Element>, item: unknown): string | undefined {
  for (const [identity, key] of free) {
    if (!fits(item, key)) continue;
    free.delete(identity);
    return key.element;
  }
  return undefined;
}

function fits(item: unknown, { fields, value }: Element): boolean {
  if (fields === undefined) return canonicalJson(value) === canonicalJson(item);
  return Object.entries(fields).every(([name, key]) => {
    const own = fieldOf(item, name);
    return own === undefined || canonicalJson(own) === canonicalJson(key);
  });
}
