// @ts-check

/** @type {WeakMap<Element, { readonly key: string, readonly said: string }>} */
const drawn = new WeakMap();

/**
 * Makes the children of a container be the items, in order. An element stays the same one as long as its key is there, so focus,
 * scroll position and what a reader has opened survive an update; an item that says the same as before is not drawn again.
 * @template T
 * @param {Element} container
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf items with the same one are told apart by their order
 * @param {(item: T, before: HTMLElement | undefined) => HTMLElement} draw gets the element of before, and may change it in place
 */
export function keyedList(container, items, keyOf, draw) {
  const keys = different(items.map(keyOf));
  const before = keptElements(container, new Set(keys));
  let place = container.firstElementChild;
  for (const [index, item] of items.entries()) {
    const key = keys[index] ?? '';
    const known = before.get(key);
    const element = elementOf(item, key, known, draw);
    if (known !== undefined && known !== element) {
      if (place === known) place = element;
      known.replaceWith(element);
    }
    if (place === element) place = element.nextElementSibling;
    else container.insertBefore(element, place);
  }
}

/**
 * @param {readonly string[]} keys
 * @returns {readonly string[]}
 */
function different(keys) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return keys.map((key) => {
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 0 ? key : `${key}\0${times}`;
  });
}

/**
 * The elements with these keys; all others are removed.
 * @param {Element} container
 * @param {ReadonlySet<string>} wanted
 */
function keptElements(container, wanted) {
  /** @type {Map<string, Element>} */
  const kept = new Map();
  for (const element of [...container.children]) {
    const key = drawn.get(element)?.key;
    if (key !== undefined && wanted.has(key)) kept.set(key, element);
    else element.remove();
  }
  return kept;
}

/**
 * @template T
 * @param {T} item
 * @param {string} key
 * @param {Element | undefined} known
 * @param {(item: T, before: HTMLElement | undefined) => HTMLElement} draw
 * @returns {HTMLElement}
 */
function elementOf(item, key, known, draw) {
  const said = JSON.stringify(item);
  if (known instanceof HTMLElement && drawn.get(known)?.said === said) return known;
  const element = draw(item, known instanceof HTMLElement ? known : undefined);
  drawn.set(element, { key, said });
  return element;
}
