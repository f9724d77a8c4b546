// @ts-check
import { ageOf } from './ages.js';
import { drawing, h } from './dom.js';
import { healthMark } from './health.js';
import { keyedList } from './keyed-list.js';

/** @typedef {import('./tree-rows.js').Row} Row */

/**
 * What a reader does with the tree.
 * @typedef {object} TreeActions
 * @property {(key: string, isExpanded: boolean) => void} toggle
 * @property {(object: string) => void} open
 */

/** The tree as the ARIA practices describe one: one tab stop, arrows move, Enter opens. Rows are flat; aria-level says how deep. */
export class Tree {
  #box;
  #actions;
  /** @type {readonly Row[]} */
  #rows = [];
  /** @type {string | undefined} the row that the tab key comes to */
  #current;
  /** @type {string | undefined} */
  #selected;

  /**
   * @param {HTMLElement} box with role=tree
   * @param {TreeActions} actions
   */
  constructor(box, actions) {
    this.#box = box;
    this.#actions = actions;
    box.addEventListener('keydown', (event) => this.#onKey(event));
    box.addEventListener('click', (event) => this.#onClick(event));
    box.addEventListener('focusin', (event) => this.#onFocus(event));
  }

  /**
   * Shows these rows. The focused row keeps the focus, and the first row in sight stays where it is on the screen; where the focused
   * one is gone, what is in its place gets the focus.
   * @param {readonly Row[]} rows
   * @param {string | undefined} selected key
   */
  show(rows, selected) {
    const hadFocus = this.#box.contains(document.activeElement);
    const anchor = this.#firstInSight();
    this.#current = this.#heirIn(rows) ?? selected ?? rows[0]?.key;
    this.#rows = rows;
    this.#selected = selected;
    keyedList(this.#box, rows, ({ key }) => key, drawRow);
    for (const element of this.#elements()) this.#mark(element);
    if (anchor !== undefined) this.#box.scrollTop += anchor.element.offsetTop - this.#box.scrollTop - anchor.below;
    if (hadFocus && !this.#box.contains(document.activeElement)) this.#elementOf(this.#current)?.focus();
  }

  /** Puts the focus on the row that the tab key comes to. */
  focus() {
    this.#elementOf(this.#current)?.focus();
  }

  /**
   * Makes a row the one that the tab key comes to, and brings it into sight.
   * @param {string} key
   */
  reveal(key) {
    this.#current = key;
    for (const element of this.#elements()) this.#mark(element);
    this.#elementOf(key)?.scrollIntoView({ block: 'nearest' });
  }

  /**
   * The row that the tab key comes to, or, where it is gone, what is left next to it: below, else above.
   * @param {readonly Row[]} rows
   */
  #heirIn(rows) {
    const left = new Set(rows.map(({ key }) => key));
    const place = this.#rows.findIndex(({ key }) => key === this.#current);
    if (place < 0) return;
    const isLeft = (/** @type {Row} */ { key }) => left.has(key);
    return (this.#rows.slice(place).find(isLeft) ?? this.#rows.slice(0, place).findLast(isLeft))?.key;
  }

  #elements() {
    return [...this.#box.children].filter((child) => child instanceof HTMLElement);
  }

  /** @param {string | undefined} key */
  #elementOf(key) {
    return this.#elements().find(({ dataset }) => dataset['key'] === key);
  }

  /** @param {HTMLElement} element */
  #mark(element) {
    const { key } = element.dataset;
    element.tabIndex = key === this.#current ? 0 : -1;
    element.setAttribute('aria-selected', String(key === this.#selected));
  }

  #firstInSight() {
    const top = this.#box.scrollTop;
    if (top === 0) return;
    const element = this.#elements().find(({ offsetTop, offsetHeight }) => offsetTop + offsetHeight > top);
    return element && { element, below: element.offsetTop - top };
  }

  /** @param {Event} event */
  #rowOf(event) {
    const element = event.target instanceof Element ? event.target.closest('[role=treeitem]') : null;
    const key = element instanceof HTMLElement ? element.dataset['key'] : undefined;
    return this.#rows.find((row) => row.key === key);
  }

  /** @param {FocusEvent} event */
  #onFocus(event) {
    const row = this.#rowOf(event);
    if (row === undefined) return;
    this.#current = row.key;
    for (const element of this.#elements()) this.#mark(element);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const row = this.#rowOf(event);
    if (row === undefined) return;
    const isOnArrow = event.target instanceof Element && event.target.closest('.arrow') !== null;
    if (row.object === undefined || isOnArrow) this.#toggle(row, !row.isExpanded);
    else this.#actions.open(row.object);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const row = this.#rowOf(event);
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#rows.indexOf(row);
    /** @type {Readonly<Record<string, () => void>>} */
    const keys = {
      ArrowDown: () => this.#go(at + 1),
      ArrowUp: () => this.#go(at - 1),
      Home: () => this.#go(0),
      End: () => this.#go(this.#rows.length - 1),
      ArrowRight: () => (row.isExpanded === false ? this.#toggle(row, true) : this.#go(row.isExpanded ? at + 1 : at)),
      ArrowLeft: () => (row.isExpanded ? this.#toggle(row, false) : this.#go(this.#parentOf(at))),
      Enter: () => (row.object === undefined ? this.#toggle(row, !row.isExpanded) : this.#actions.open(row.object)),
      ' ': () => this.#toggle(row, !row.isExpanded),
      '*': () => this.#expandSiblings(row),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  /** @param {number} at */
  #go(at) {
    const row = this.#rows[at];
    if (row !== undefined) this.#elementOf(row.key)?.focus();
  }

  /** @param {number} at */
  #parentOf(at) {
    const level = this.#rows[at]?.level ?? 1;
    return this.#rows.findLastIndex((row, place) => place < at && row.level < level);
  }

  /**
   * @param {Row} row
   * @param {boolean} isExpanded
   */
  #toggle(row, isExpanded) {
    if (row.isExpanded !== undefined) this.#actions.toggle(row.key, isExpanded);
  }

  /** @param {Row} row */
  #expandSiblings(row) {
    const parent = row.key.slice(0, row.key.lastIndexOf('/'));
    for (const { key, level, isExpanded } of this.#rows)
      if (level === row.level && isExpanded === false && key.slice(0, key.lastIndexOf('/')) === parent)
        this.#actions.toggle(key, true);
  }
}

/**
 * @param {Row} row
 * @param {HTMLElement | undefined} before
 */
function drawRow(row, before) {
  const element = before ?? h('div', { role: 'treeitem', 'data-key': row.key, tabindex: -1 });
  element.className = `row ${row.is}`;
  element.style.setProperty('--depth', String(Math.max(0, row.level - 3)));
  element.setAttribute('aria-level', String(row.level));
  element.setAttribute('aria-posinset', String(row.position));
  element.setAttribute('aria-setsize', String(row.siblings));
  if (row.isExpanded === undefined) element.removeAttribute('aria-expanded');
  else element.setAttribute('aria-expanded', String(row.isExpanded));
  element.replaceChildren(arrow(row), ...(row.is === 'object' ? objectParts(row) : groupParts(row)));
  return element;
}

/** @param {Row} row */
function arrow({ isExpanded }) {
  if (isExpanded === undefined) return h('span', { class: 'arrow' });
  return h('span', { class: 'arrow' }, drawing('chevron', [['path', { d: 'M6 3.5L10.5 8 6 12.5' }]]));
}

/** @param {Row} row */
function groupParts({ name, counts }) {
  const marks = counts.map(([health, count]) =>
    h('span', { class: `count ${health}`, title: `${count} ${health}` }, healthMark(health), String(count)),
  );
  return [h('span', { class: 'name' }, name), h('span', { class: 'counts' }, ...marks)];
}

/** @param {Row} row */
function objectParts({ health, kind, name, told, createdAt }) {
  return [
    health !== undefined && healthMark(health),
    h(
      'span',
      { class: 'what' },
      kind !== '' && h('span', { class: 'kind' }, `${kind} `),
      h('span', { class: 'name', title: name }, name),
    ),
    h('span', { class: `told ${health ?? ''}`, title: told }, told),
    ageOf(createdAt),
  ].filter((part) => part !== false);
}
