/**
 * A binary heap that knows where each item is, so that an item whose rank has changed can be moved or taken out.
 * Every operation but `peek`, `has` and `size` costs the logarithm of the size.
 */
export class IndexedHeap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  /** @param isBefore whether `a` is to come out before `b` */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  /** The item to come out next. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item, or moves it to where its present rank belongs. */
  put(item: T): void {
    const place = this.#places.get(item) ?? this.#append(item);
    if (!this.#rise(place)) this.#sink(place);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** @returns whether the item was there */
  remove(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    const last = this.#items.pop();
    this.#places.delete(item);
    if (last !== undefined && last !== item) {
      this.#set(place, last);
      if (!this.#rise(place)) this.#sink(place);
    }
    return true;
  }

  clear(): void {
    this.#items.length = 0;
    this.#places.clear();
  }

  #append(item: T): number {
    const place = this.#items.length;
    this.#set(place, item);
    return place;
  }

  #set(place: number, item: T): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }

  #rise(from: number): boolean {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#swapIfBefore(place, parent)) break;
      place = parent;
    }
    return place !== from;
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const child = this.#firstChild(place);
      if (child === undefined || !this.#swapIfBefore(child, place)) return;
      place = child;
    }
  }

  #firstChild(place: number): number | undefined {
    const left = 2 * place + 1;
    const right = left + 1;
    const leftItem = this.#items[left];
    if (leftItem === undefined) return undefined;
    const rightItem = this.#items[right];
    return rightItem !== undefined && this.#isBefore(rightItem, leftItem) ? right : left;
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const a = this.#items[lower];
    const b = this.#items[upper];
    if (a === undefined || b === undefined || !this.#isBefore(a, b)) return false;
    this.#set(lower, b);
    this.#set(upper, a);
    return true;
  }
}
