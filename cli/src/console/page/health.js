// @ts-check
import { drawing, h } from './dom.js';

/** @typedef {import('../api.ts').Health} Health */
/** @typedef {import('../api.ts').TreeNode} TreeNode */

/**
 * All healths, what needs a person first.
 * @type {readonly Health[]}
 */
export const HEALTHS = ['failing', 'progressing', 'deleting', 'paused', 'unknown', 'healthy'];

/**
 * A shape of its own for each health, so that nobody has to tell them apart by colour.
 * @type {Readonly<Record<Health, Parameters<typeof drawing>[1]>>}
 */
const shapes = {
  healthy: [
    ['circle', { cx: 8, cy: 8, r: 6.25 }],
    ['path', { d: 'M5.2 8.3l1.9 1.9 3.7-4.2' }],
  ],
  progressing: [
    ['circle', { cx: 8, cy: 8, r: 6.25, class: 'track' }],
    ['path', { d: 'M8 1.75a6.25 6.25 0 0 1 6.25 6.25', class: 'turning' }],
  ],
  failing: [
    ['path', { d: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z', class: 'solid' }],
    ['path', { d: 'M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6', class: 'on-solid' }],
  ],
  paused: [
    ['rect', { x: 1.9, y: 1.9, width: 12.2, height: 12.2, rx: 3 }],
    ['path', { d: 'M6.2 5.5v5M9.8 5.5v5' }],
  ],
  deleting: [
    ['path', { d: 'M8 1.4L14.6 8 8 14.6 1.4 8z' }],
    ['path', { d: 'M5.6 8h4.8' }],
  ],
  unknown: [
    ['circle', { cx: 8, cy: 8, r: 6.25, class: 'dashed' }],
    ['path', { d: 'M6.3 6.3a1.75 1.75 0 1 1 2.5 1.6c-.6.3-.8.6-.8 1.2M8 11.2v.1' }],
  ],
};

/**
 * The shape of a health.
 * @param {Health} health
 */
export function healthIcon(health) {
  return drawing(`health ${health}`, shapes[health] ?? shapes.unknown);
}

/**
 * The shape of a health, and its name for those who hear the page.
 * @param {Health} health
 */
export function healthMark(health) {
  return h('span', { class: 'mark', title: health }, healthIcon(health), h('span', { class: 'unseen' }, `${health} `));
}

/**
 * The shape of a health with its name.
 * @param {Health} health
 */
export function healthPill(health) {
  return h('span', { class: `pill ${health}` }, healthIcon(health), health);
}

/**
 * How many of these are of each health.
 * @param {readonly TreeNode[]} nodes
 * @returns {ReadonlyMap<Health, number>}
 */
export function countByHealth(nodes) {
  /** @type {Map<Health, number>} */
  const counts = new Map();
  for (const { health } of nodes) counts.set(health, (counts.get(health) ?? 0) + 1);
  return counts;
}

/**
 * Where trouble beneath an object begins: what is not healthy, and has nothing as bad beneath itself; what needs a person first.
 * @param {TreeNode} node
 * @param {number} most
 * @returns {readonly TreeNode[]}
 */
export function troubleBeneath(node, most) {
  const found = descendants(node).filter(
    (one) => isTroubled(one) && !descendants(one).some((other) => isAsBad(other, one)),
  );
  return found.sort((a, b) => HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health)).slice(0, most);
}

/** @param {TreeNode} node */
function isTroubled({ health }) {
  return health !== 'healthy' && health !== 'unknown';
}

/**
 * @param {TreeNode} one
 * @param {TreeNode} other
 */
function isAsBad(one, other) {
  return HEALTHS.indexOf(one.health) <= HEALTHS.indexOf(other.health);
}

/**
 * Everything beneath an object, depth first.
 * @param {TreeNode} node
 * @returns {TreeNode[]}
 */
export function descendants(node) {
  return node.children.flatMap((child) => [child, ...descendants(child)]);
}
