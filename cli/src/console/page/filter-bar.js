// @ts-check
import { h, setText } from './dom.js';
import { countByHealth, HEALTHS, healthIcon } from './health.js';

/** @typedef {import('../api.ts').Health} Health */
/** @typedef {import('../api.ts').TreeNode} TreeNode */
/** @typedef {import('./route.js').Route} Route */

/**
 * What a reader narrows the tree down to.
 * @typedef {object} FilterActions
 * @property {(filter: string) => void} filter
 * @property {(healths: readonly Health[]) => void} healths
 * @property {(namespace: string) => void} namespace
 * @property {() => void} leave on Escape in an empty box, and on Enter
 */

/** The box for words, one chip for each health with its count, and the namespace. */
export class FilterBar {
  #box = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'Filter',
    'aria-label': 'Filter resources',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  #namespace = h('input', {
    type: 'text',
    id: 'namespace',
    list: 'namespaces',
    placeholder: 'all namespaces',
    'aria-label': 'Namespace',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  #names = h('datalist', { id: 'namespaces' });
  /** @type {ReadonlyMap<Health, { readonly chip: HTMLButtonElement, readonly count: HTMLElement }>} */
  #chips;
  /** @type {readonly Health[]} */
  #healths = [];
  #actions;

  /**
   * @param {HTMLElement} bar
   * @param {FilterActions} actions
   */
  constructor(bar, actions) {
    this.#actions = actions;
    this.#chips = new Map(HEALTHS.map((health) => [health, this.#makeChip(health)]));
    this.#box.addEventListener('input', () => actions.filter(this.#box.value));
    this.#box.addEventListener('keydown', (event) => this.#onKey(event));
    this.#namespace.addEventListener('change', () => actions.namespace(this.#namespace.value.trim()));
    const chips = [...this.#chips.values()].map(({ chip }) => chip);
    bar.append(
      h(
        'div',
        { class: 'boxes' },
        h('div', { class: 'search' }, this.#box, h('kbd', { 'aria-hidden': 'true' }, '/')),
        this.#namespace,
        this.#names,
      ),
      h('div', { class: 'chips', role: 'group', 'aria-label': 'Health' }, ...chips),
    );
  }

  focus() {
    this.#box.focus();
    this.#box.select();
  }

  /**
   * @param {readonly TreeNode[]} resources
   * @param {Route} route
   */
  show(resources, { filter, healths, namespace }) {
    this.#healths = healths;
    if (this.#box.value !== filter) this.#box.value = filter;
    if (document.activeElement !== this.#namespace) this.#namespace.value = namespace;
    const names = [...new Set(resources.flatMap(({ ref }) => ref.namespace ?? []))].sort();
    if (names.join() !== [...this.#names.children].map((option) => option.getAttribute('value')).join())
      this.#names.replaceChildren(...names.map((name) => h('option', { value: name })));
    const counts = countByHealth(resources);
    for (const [health, { chip, count }] of this.#chips) {
      const number = counts.get(health) ?? 0;
      chip.setAttribute('aria-pressed', String(healths.includes(health)));
      chip.hidden = number === 0 && !healths.includes(health);
      setText(count, String(number));
    }
  }

  /** @param {Health} health */
  #makeChip(health) {
    const count = h('span', { class: 'number' }, '0');
    const toggle = () => {
      const others = this.#healths.filter((one) => one !== health);
      this.#actions.healths(others.length === this.#healths.length ? [...others, health] : others);
    };
    const chip = h(
      'button',
      { type: 'button', class: `chip ${health}`, 'aria-pressed': 'false', onclick: toggle },
      healthIcon(health),
      health,
      ' ',
      count,
    );
    return { chip, count };
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === 'Escape' && this.#box.value !== '') {
      event.preventDefault();
      event.stopPropagation();
      this.#box.value = '';
      this.#actions.filter('');
    } else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      event.stopPropagation();
      this.#actions.leave();
    }
  }
}
