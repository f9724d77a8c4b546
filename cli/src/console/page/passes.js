// @ts-check
import { ageOf, durationText } from './ages.js';
import { drawing, h } from './dom.js';

/** @typedef {import('../api.ts').PassView} PassView */

/** What a pass leaves as it was. */
const quiet = new Set(['Unchanged', 'Skipped', 'Kept']);

/**
 * A pass, to be opened.
 * @param {PassView} pass
 */
export function drawPass(pass) {
  const { at, durationMs, triggers, outcome, children, requests } = pass;
  const changed = children.filter(({ action }) => !quiet.has(action));
  const [verdict = '', ...rest] = outcome.split(/(?=[,:])/);
  return h(
    'details',
    { class: `pass ${toneOf(outcome)}` },
    h(
      'summary',
      {},
      drawing('chevron', [['path', { d: 'M6 3.5L10.5 8 6 12.5' }]]),
      h(
        'div',
        { class: 'saying' },
        h(
          'p',
          { class: 'head' },
          h('strong', {}, triggers.join('; ') || 'no trigger told'),
          changed.length > 0 && h('span', { class: 'badge' }, `${changed.length} changed`),
        ),
        h('p', { class: 'message' }, h('span', { class: 'outcome' }, verdict), rest.join('')),
      ),
      h('span', { class: 'cost' }, `${durationText(durationMs)} · ${counted(requests, 'request')}`),
      ageOf(at),
    ),
    children.length === 0 ? h('p', { class: 'quiet' }, 'It came to no child.') : childTable(pass),
  );
}

/** @param {PassView} pass */
function childTable({ children }) {
  const ordered = children.toSorted((a, b) => Number(quiet.has(a.action)) - Number(quiet.has(b.action)));
  const row = (/** @type {PassView['children'][number]} */ { child, action, why }) =>
    h(
      'tr',
      { class: quiet.has(action) ? 'quiet' : 'changed' },
      h('td', {}, child),
      h('td', {}, action),
      h('td', {}, why ?? ''),
    );
  const head = ['Child', 'Action', 'Why'].map((word) => h('th', { scope: 'col' }, word));
  return h(
    'div',
    { class: 'wide' },
    h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...ordered.map(row))),
  );
}

/** @param {string} outcome */
function toneOf(outcome) {
  if (/^Done\b/.test(outcome)) return 'good';
  return /^(Requeued|Waiting)\b/.test(outcome) ? 'busy' : 'bad';
}

/**
 * @param {number} count
 * @param {string} what
 */
function counted(count, what) {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
