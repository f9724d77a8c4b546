// @ts-check
import { h, setText } from './dom.js';
import { TABS } from './route.js';

/** @typedef {import('./route.js').Tab} Tab */

/** @type {Readonly<Record<Tab, string>>} */
const titles = { overview: 'Overview', events: 'Events', passes: 'Passes', yaml: 'YAML', plan: 'Plan' };

/** Tabs with their panels: arrows move between them, as the ARIA practices say. */
export class Tabs {
  #list = h('div', { role: 'tablist', 'aria-label': 'Views of the object', class: 'tabs' });
  /** @type {ReadonlyMap<Tab, { readonly tab: HTMLButtonElement, readonly count: HTMLElement, readonly panel: HTMLElement }>} */
  #all;
  #onSelect;

  /** @param {(tab: Tab) => void} onSelect */
  constructor(onSelect) {
    this.#onSelect = onSelect;
    this.#all = new Map(TABS.map((name) => [name, this.#make(name)]));
    this.#list.append(...[...this.#all.values()].map(({ tab }) => tab));
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get list() {
    return this.#list;
  }

  get panels() {
    return [...this.#all.values()].map(({ panel }) => panel);
  }

  /** @param {Tab} name */
  panel(name) {
    const found = this.#all.get(name);
    if (found === undefined) throw new Error(`there is no tab ${name}`);
    return found.panel;
  }

  /**
   * Shows one of the tabs, and hides those that an object does not have.
   * @param {Tab} selected
   * @param {ReadonlySet<Tab>} available
   */
  show(selected, available) {
    const shown = available.has(selected) ? selected : 'overview';
    for (const [name, { tab, panel }] of this.#all) {
      tab.hidden = !available.has(name);
      tab.setAttribute('aria-selected', String(name === shown));
      tab.tabIndex = name === shown ? 0 : -1;
      panel.hidden = name !== shown;
    }
  }

  /**
   * @param {Tab} name
   * @param {number} number not shown where it is 0
   */
  count(name, number) {
    const count = this.#all.get(name)?.count;
    if (count === undefined) return;
    setText(count, number === 0 ? '' : String(number));
    count.hidden = number === 0;
  }

  /** @param {Tab} name */
  #make(name) {
    const ids = { tab: `tab-${name}`, panel: `panel-${name}` };
    const count = h('span', { class: 'badge', hidden: true });
    const tab = h(
      'button',
      { role: 'tab', type: 'button', id: ids.tab, 'aria-controls': ids.panel, onclick: () => this.#onSelect(name) },
      titles[name],
      count,
    );
    const panel = h('div', { role: 'tabpanel', id: ids.panel, 'aria-labelledby': ids.tab, class: 'panel' });
    return { tab, count, panel };
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const tabs = [...this.#all].filter(([, { tab }]) => !tab.hidden);
    const at = tabs.findIndex(([, { tab }]) => tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const [name, { tab } = { tab: undefined }] = (to === undefined ? undefined : tabs.at(to % tabs.length)) ?? [];
    if (name === undefined || tab === undefined) return;
    event.preventDefault();
    this.#onSelect(name);
    tab.focus();
  }
}
