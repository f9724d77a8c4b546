// @ts-check
import { h } from './dom.js';

/** @typedef {import('../api.ts').PlannedChange} PlannedChange */

/**
 * What stands before a line of a unified diff.
 * @param {string} line
 * @returns {'added' | 'removed' | 'place' | 'same'}
 */
export function kindOfLine(line) {
  if (line.startsWith('@@')) return 'place';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

/** @type {Readonly<Record<string, readonly [sign: string, tone: string]>>} */
const signs = {
  create: ['+', 'good'],
  change: ['~', 'busy'],
  repair: ['~', 'busy'],
  adopt: ['~', 'busy'],
  recreate: ['±', 'bad'],
  remove: ['−', 'bad'],
  contested: ['!', 'busy'],
  refused: ['!', 'bad'],
};

/**
 * What would become of one object, with its diff.
 * @param {PlannedChange} change
 */
export function drawChange({ object, action, why, diff }) {
  const [sign, tone] = signs[action] ?? ['·', 'plain'];
  const added = diff.filter((line) => kindOfLine(line) === 'added').length;
  const removed = diff.filter((line) => kindOfLine(line) === 'removed').length;
  return h(
    'details',
    { class: `change ${tone}`, open: diff.length > 0 },
    h(
      'summary',
      {},
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      h(
        'div',
        { class: 'saying' },
        h('p', { class: 'head' }, h('strong', {}, object), h('span', { class: 'action' }, action)),
        why !== undefined && h('p', { class: 'message' }, why),
      ),
      diff.length > 0 &&
        h(
          'span',
          { class: 'sizes' },
          h('span', { class: 'added' }, `+${added}`),
          ' ',
          h('span', { class: 'removed' }, `−${removed}`),
        ),
    ),
    diff.length > 0 ? drawDiff(diff) : h('p', { class: 'quiet' }, 'There is no difference to show.'),
  );
}

/** @param {readonly string[]} diff */
function drawDiff(diff) {
  const drawLine = (/** @type {string} */ line) => h('span', { class: `line ${kindOfLine(line)}` }, `${line}\n`);
  return h('pre', { class: 'diff', tabindex: 0, 'aria-label': 'Difference' }, h('code', {}, ...diff.map(drawLine)));
}
