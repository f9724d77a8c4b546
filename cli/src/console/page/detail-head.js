// @ts-check
import { ageOf } from './ages.js';
import { h, setText } from './dom.js';
import { healthPill } from './health.js';
import { keyedList } from './keyed-list.js';
import { objectLink } from './object-link.js';
import { namesIn } from './route.js';

/** @typedef {import('../api.ts').TreeNode} TreeNode */

/** What an object is, to whom it belongs and how it is. */
export class DetailHead {
  #crumbs = h('p', { class: 'crumbs' });
  #title = h('h2', { tabindex: -1 });
  #facts = h('div', { class: 'facts' });
  element = h('div', { class: 'detail-head' }, this.#crumbs, this.#title, this.#facts);

  focus() {
    this.#title.focus();
  }

  /**
   * @param {string} object as `objectPath` writes it
   * @param {TreeNode | undefined} node
   * @param {readonly TreeNode[]} path down to it; may be empty
   */
  show(object, node, path) {
    const { plural, namespace, name } = namesIn(object);
    setText(this.#title, name);
    const crumbs = [namespace ?? 'cluster-wide', ...path.slice(0, -1), node?.ref.kind ?? plural];
    keyedList(this.#crumbs, crumbs, (crumb) => (typeof crumb === 'string' ? crumb : crumb.ref.uid), drawCrumb);
    keyedList(this.#facts, node === undefined ? [] : [node], ({ ref }) => ref.uid, drawFacts);
  }
}

/** @param {string | TreeNode} crumb */
function drawCrumb(crumb) {
  return h('span', { class: 'crumb' }, typeof crumb === 'string' ? crumb : objectLink(crumb));
}

/** @param {TreeNode} node */
function drawFacts({ health, told, createdAt }) {
  return h('p', {}, healthPill(health), h('span', { class: 'told' }, told), ageOf(createdAt, 'old'));
}
