// @ts-check
import { h } from './dom.js';
import { healthMark } from './health.js';
import { objectPath } from './route.js';

/** @typedef {import('../api.ts').TreeNode} TreeNode */

/**
 * A link that selects an object. The page's own handler of clicks keeps the filter; opened in another tab it works as well.
 * @param {TreeNode} node
 * @param {...(Node | string)} content the kind and name unless told
 */
export function objectLink(node, ...content) {
  const { ref } = node;
  const path = objectPath(ref);
  const shown =
    content.length > 0
      ? content
      : [h('span', { class: 'kind' }, `${ref.kind} `), h('span', { class: 'name' }, ref.name)];
  return h('a', { href: `#/${path}`, 'data-object': path, class: 'object-link' }, ...shown);
}

/**
 * An object in a list of what needs a look: its health, a link, its namespace, and what is told of it.
 * @param {TreeNode} node
 */
export function objectLine(node) {
  const { namespace } = node.ref;
  return h(
    'li',
    { class: 'object-line' },
    healthMark(node.health),
    h(
      'div',
      { class: 'saying' },
      h('p', { class: 'head' }, objectLink(node), namespace !== undefined && h('span', { class: 'about' }, namespace)),
      node.told !== '' && h('p', { class: `message told ${node.health}` }, node.told),
    ),
  );
}
