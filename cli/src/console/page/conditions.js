// @ts-check
import { ageOf } from './ages.js';
import { drawing, h } from './dom.js';

/** @typedef {import('../api.ts').ConditionView} ConditionView */
/** @typedef {'good' | 'bad' | 'busy' | 'plain'} Tone */

/** Conditions whose True is bad news, by the custom of Kubernetes; those not named here are only told. */
const bad = new Set(['Stalled', 'Degraded', 'Failed', 'ReplicaFailure', 'Contested']);
const busy = new Set(['Reconciling', 'Progressing']);

/**
 * How a condition reads: what is good of one type is bad of another.
 * @param {Pick<ConditionView, 'type' | 'status' | 'isCurrent'>} condition
 * @returns {Tone}
 */
export function toneOf({ type, status, isCurrent }) {
  if (!isCurrent || status === 'Unknown') return 'plain';
  if (type === 'Ready' || type === 'Available') return status === 'True' ? 'good' : 'bad';
  if (bad.has(type)) return status === 'True' ? 'bad' : 'plain';
  if (busy.has(type)) return status === 'True' ? 'busy' : 'plain';
  return 'plain';
}

/**
 * Ready first, then what is wrong, then the rest by name.
 * @param {readonly ConditionView[]} conditions
 * @returns {readonly ConditionView[]}
 */
export function inOrder(conditions) {
  const rank = (/** @type {ConditionView} */ condition) =>
    condition.type === 'Ready' ? 0 : toneOf(condition) === 'bad' ? 1 : toneOf(condition) === 'busy' ? 2 : 3;
  return conditions.toSorted((a, b) => rank(a) - rank(b) || a.type.localeCompare(b.type, 'en'));
}

/** @type {Readonly<Record<ConditionView['status'], Parameters<typeof drawing>[1]>>} */
const shapes = {
  True: [['path', { d: 'M3.5 8.5l3 3 6-7' }]],
  False: [['path', { d: 'M4 4l8 8M12 4l-8 8' }]],
  Unknown: [['path', { d: 'M5.5 5.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.7M8 12.3v.1' }]],
};

/** @param {ConditionView} condition */
export function drawCondition(condition) {
  const { type, status, reason, message, since, isCurrent } = condition;
  const stale = 'The operator said this of an earlier generation; it has not looked at the newest edit yet.';
  return h(
    'li',
    { class: `condition ${toneOf(condition)}${isCurrent ? '' : ' stale'}` },
    h('span', { class: 'verdict' }, drawing('status', shapes[status] ?? shapes.Unknown)),
    h(
      'div',
      { class: 'saying' },
      h(
        'p',
        { class: 'head' },
        h('strong', {}, type),
        h('span', { class: 'status' }, status),
        reason !== '' && h('code', {}, reason),
        !isCurrent && h('span', { class: 'badge', title: stale }, 'stale'),
      ),
      message !== '' && h('p', { class: 'message' }, message),
    ),
    ageOf(since),
  );
}
