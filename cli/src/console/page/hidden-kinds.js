// @ts-check
import { h } from './dom.js';
import { keyedList } from './keyed-list.js';

/** @typedef {import('../api.ts').Hidden} Hidden */

/** Says which kinds cannot be shown, and why. */
export class HiddenKinds {
  #box;
  #title = h('summary');
  #list = h('ul');

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
    box.append(h('details', {}, this.#title, this.#list));
  }

  /** @param {readonly Hidden[]} hidden */
  show(hidden) {
    this.#box.hidden = hidden.length === 0;
    this.#title.textContent = hidden.length === 1 ? '1 kind is not shown' : `${hidden.length} kinds are not shown`;
    keyedList(this.#list, hidden, ({ kind }) => kind, drawHidden);
  }
}

/** @param {Hidden} hidden */
function drawHidden({ kind, why }) {
  return h('li', {}, h('strong', {}, kind), ` ${why}`);
}
