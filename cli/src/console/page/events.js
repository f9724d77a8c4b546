// @ts-check
import { ageOf } from './ages.js';
import { drawing, h } from './dom.js';

/** @typedef {import('../api.ts').EventView} EventView */

/**
 * The same for an event that was said again.
 * @param {EventView} event
 */
export function eventKey({ about, reason, by, note }) {
  return [about, reason, by, note].join('\0');
}

/** @param {EventView} event */
export function drawEvent({ type, reason, note, by, count, at, about }) {
  const isWarning = type === 'Warning';
  const shape = isWarning
    ? drawing('warning', [
        ['path', { d: 'M8 2l6.5 11.5h-13z' }],
        ['path', { d: 'M8 6.5v3M8 11.5v.1' }],
      ])
    : drawing('dot', [['circle', { cx: 8, cy: 8, r: 2.5 }]]);
  return h(
    'li',
    { class: `event ${isWarning ? 'bad' : 'plain'}` },
    h('span', { class: 'verdict' }, shape, isWarning && h('span', { class: 'unseen' }, 'Warning: ')),
    h(
      'div',
      { class: 'saying' },
      h(
        'p',
        { class: 'head' },
        h('strong', {}, reason),
        h('span', { class: 'about' }, about),
        count > 1 && h('span', { class: 'badge', title: `said ${count} times` }, `×${count}`),
      ),
      h('p', { class: 'message' }, note),
      h('p', { class: 'by' }, by),
    ),
    ageOf(at),
  );
}
