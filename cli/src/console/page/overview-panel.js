// @ts-check
import { drawCondition, inOrder } from './conditions.js';
import { h } from './dom.js';
import { drawEvent, eventKey } from './events.js';
import { descendants, HEALTHS, healthMark, troubleBeneath } from './health.js';
import { keyedList } from './keyed-list.js';
import { objectLine, objectLink } from './object-link.js';

/** @typedef {import('../api.ts').Detail} Detail */
/** @typedef {import('../api.ts').TreeNode} TreeNode */

const LATEST_EVENTS = 5;
const MOST_BENEATH = 5;
const MOST_MARKS = 24;

/** The first thing to read about an object: what holds it back, its conditions, what it consists of, what was said last. */
export class OverviewPanel {
  #beneath = h('ul', { class: 'list' });
  #conditions = h('ul', { class: 'list' });
  #parts = h('ul', { class: 'parts' });
  #events = h('ul', { class: 'list' });
  #sections;
  #nothing = h('p', { class: 'quiet' }, 'It has no conditions and no events, and nothing belongs to it.');

  /** @param {() => void} showEvents */
  constructor(showEvents) {
    const all = h('button', { type: 'button', class: 'button subtle', onclick: showEvents }, 'All events');
    this.#sections = {
      beneath: section('What holds it back', this.#beneath),
      conditions: section('Conditions', this.#conditions),
      parts: section('Consists of', this.#parts),
      events: section('Latest events', this.#events, all),
    };
  }

  get elements() {
    return [...Object.values(this.#sections), this.#nothing];
  }

  /**
   * @param {Detail} detail
   * @param {TreeNode} node
   */
  show({ conditions, events }, node) {
    const beneath = node.health === 'healthy' ? [] : troubleBeneath(node, MOST_BENEATH);
    const parts = [...Map.groupBy(descendants(node), ({ ref }) => ref.kind)];
    keyedList(this.#beneath, beneath, ({ ref }) => ref.uid, objectLine);
    keyedList(this.#conditions, inOrder(conditions), ({ type }) => type, drawCondition);
    keyedList(this.#parts, parts, ([kind]) => kind, drawPart);
    keyedList(this.#events, events.slice(0, LATEST_EVENTS), eventKey, drawEvent);
    this.#sections.beneath.hidden = beneath.length === 0;
    this.#sections.conditions.hidden = conditions.length === 0;
    this.#sections.parts.hidden = parts.length === 0;
    this.#sections.events.hidden = events.length === 0;
    this.#nothing.hidden = Object.values(this.#sections).some(({ hidden }) => !hidden);
  }
}

/**
 * @param {string} title
 * @param {HTMLElement} body
 * @param {...HTMLElement} beside
 */
function section(title, body, ...beside) {
  return h('section', { class: 'section' }, h('div', { class: 'section-head' }, h('h3', {}, title), ...beside), body);
}

/** @param {readonly [kind: string, nodes: readonly TreeNode[]]} part */
function drawPart([kind, nodes]) {
  const ordered = nodes.toSorted((a, b) => HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health));
  const marks = ordered.slice(0, MOST_MARKS).map((node) => {
    const link = objectLink(node, healthMark(node.health), h('span', { class: 'unseen' }, `${kind} ${node.ref.name}`));
    link.title = `${node.ref.name}: ${node.health}${node.told === '' ? '' : `, ${node.told}`}`;
    return link;
  });
  const more =
    nodes.length > MOST_MARKS ? h('span', { class: 'more' }, `and ${nodes.length - MOST_MARKS} more`) : undefined;
  return h(
    'li',
    {},
    h('span', { class: 'kind' }, kind),
    h('span', { class: 'number' }, String(nodes.length)),
    h('span', { class: 'marks' }, ...marks, more),
  );
}
