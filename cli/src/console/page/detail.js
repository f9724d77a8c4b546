// @ts-check
import { DetailHead } from './detail-head.js';
import { h, setText } from './dom.js';
import { drawEvent, eventKey } from './events.js';
import { keyedList } from './keyed-list.js';
import { OverviewPanel } from './overview-panel.js';
import { drawPass } from './passes.js';
import { PlanPanel } from './plan-panel.js';
import { Tabs } from './tabs.js';
import { drawYaml } from './yaml-lines.js';

/** @typedef {import('../api.ts').Detail} Detail */
/** @typedef {import('../api.ts').TreeNode} TreeNode */
/** @typedef {import('./route.js').Tab} Tab */
/** @typedef {import('./server.js').NotAnswered} NotAnswered */
/** @typedef {import('./server.js').Server} Server */
/** @typedef {import('./store.js').Selected} Selected */

/**
 * What a reader does with the details.
 * @typedef {object} DetailActions
 * @property {(tab: Tab) => void} selectTab
 * @property {() => void} close
 * @property {(refusal: NotAnswered) => void} onRefused
 */

/** Everything about the selected object. An update changes only what differs: what was opened stays open. */
export class DetailPane {
  #head = new DetailHead();
  #notice = h('p', { role: 'status' });
  #tabs;
  #overview;
  #plan;
  #events = h('ul', { class: 'list' });
  #noEvents = h('p', { class: 'quiet' }, 'No events: the API server forgets them after an hour.');
  #passes = h('div', { class: 'list' });
  #noPasses = h('p', { class: 'quiet' });
  #noPlan = h('p', { class: 'callout plain' });
  #yaml = h('div');
  #body;

  /**
   * @param {HTMLElement} box
   * @param {Server} server
   * @param {DetailActions} actions
   */
  constructor(box, server, { selectTab, close, onRefused }) {
    this.#tabs = new Tabs(selectTab);
    this.#overview = new OverviewPanel(() => selectTab('events'));
    this.#plan = new PlanPanel(server, onRefused);
    this.#tabs.panel('overview').append(...this.#overview.elements);
    this.#tabs.panel('events').append(this.#noEvents, this.#events);
    this.#tabs.panel('passes').append(this.#noPasses, this.#passes);
    this.#tabs.panel('yaml').append(this.#yaml);
    this.#tabs.panel('plan').append(this.#noPlan, this.#plan.element);
    const back = h('button', { type: 'button', class: 'button back', onclick: close }, '← All resources');
    this.#body = h('div', { class: 'panels' }, ...this.#tabs.panels);
    box.append(h('div', { class: 'detail-top' }, back, this.#head.element, this.#notice, this.#tabs.list), this.#body);
  }

  /** Puts the focus on the object's name, where the list is out of sight. */
  focus() {
    this.#head.focus();
  }

  /**
   * @param {Selected} selected
   * @param {readonly TreeNode[]} path from the custom resource down to the object, as the tree has it; may be empty
   * @param {Tab} tab
   */
  show({ object, detail, problem, isGone = false }, path, tab) {
    const node = path.at(-1) ?? detail?.node;
    this.#head.show(object, node, path);
    this.#notice.className = problem === undefined ? 'quiet' : `callout ${isGone ? 'plain' : 'bad'}`;
    setText(this.#notice, problem ?? (detail === undefined ? 'Asking the API server …' : ''));
    this.#notice.hidden = this.#notice.textContent === '';
    this.#tabs.list.hidden = this.#body.hidden = detail === undefined;
    if (detail === undefined) return;
    this.#tabs.show(tab, tabsOf(detail));
    this.#overview.show(detail, node ?? detail.node);
    this.#showEvents(detail);
    this.#showPasses(detail);
    keyedList(this.#yaml, [detail.yaml], () => object, drawYamlBox);
    this.#showPlan(object, detail);
  }

  /** @param {Detail} detail */
  #showEvents({ events }) {
    keyedList(this.#events, events, eventKey, drawEvent);
    this.#noEvents.hidden = events.length > 0;
    this.#tabs.count('events', events.length);
  }

  /** @param {Detail} detail */
  #showPasses({ passes, passesUnavailable }) {
    keyedList(this.#passes, passes, ({ at, triggers }) => `${at} ${triggers.join()}`, drawPass);
    setText(this.#noPasses, passesUnavailable ?? 'The operator has told of no pass over it yet.');
    this.#noPasses.className = passesUnavailable === undefined ? 'quiet' : 'callout plain';
    this.#noPasses.hidden = passes.length > 0 && passesUnavailable === undefined;
    this.#tabs.count('passes', passes.length);
  }

  /**
   * @param {string} object
   * @param {Detail} detail
   */
  #showPlan(object, { editable, notEditable = '' }) {
    this.#plan.element.hidden = editable === undefined;
    this.#noPlan.hidden = editable !== undefined;
    setText(this.#noPlan, notEditable);
    if (editable !== undefined) this.#plan.show(object, editable);
  }
}

/**
 * @param {Detail} detail
 * @returns {ReadonlySet<Tab>}
 */
function tabsOf({ passes, passesUnavailable, editable, notEditable }) {
  /** @type {Set<Tab>} */
  const tabs = new Set(['overview', 'events', 'yaml']);
  if (passes.length > 0 || passesUnavailable !== undefined || editable !== undefined) tabs.add('passes');
  if (editable !== undefined || notEditable !== undefined) tabs.add('plan');
  return tabs;
}

/** @param {string} yaml */
function drawYamlBox(yaml) {
  const done = h('span', { class: 'hint', role: 'status' });
  const copy = async () => {
    await navigator.clipboard.writeText(yaml).then(
      () => setText(done, 'Copied'),
      () => setText(done, 'The browser did not let it be copied'),
    );
  };
  // Browsers give a clipboard only to https and to this machine.
  const isOffered = navigator.clipboard !== undefined;
  const button = h(
    'button',
    { type: 'button', class: 'button', hidden: !isOffered, onclick: () => void copy() },
    'Copy',
  );
  return h('div', { class: 'yaml-box' }, h('div', { class: 'bar' }, button, done), drawYaml(yaml));
}
