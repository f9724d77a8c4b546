// @ts-check
import { h } from './dom.js';

const place = 'capstan-console-single-keys';

/**
 * Keys that work everywhere on the page and do the same, each in its own way.
 * @typedef {{ readonly keys: readonly string[], readonly does: string, readonly act: (key: string) => void }} PageKeys
 */

/** @type {readonly (readonly [keys: readonly string[], does: string])[]} */
const treeKeys = [
  [['↑', '↓'], 'to the row above or below'],
  [['→', '←'], 'expand or collapse; into it or out of it'],
  [['Home', 'End'], 'to the first or last row'],
  [['*'], 'expand all of this level'],
  [['Enter'], 'show the details'],
  [['Ctrl', 'Enter'], 'in the editor: plan'],
];

/** Keys that work everywhere but in text, and the help that lists them all. They can be turned off, for people who speak to their computer. */
export class Keys {
  #keys;
  #dialog;
  #switch = h('input', { type: 'checkbox', id: 'single-keys' });

  /**
   * @param {HTMLDialogElement} dialog
   * @param {readonly PageKeys[]} keys
   */
  constructor(dialog, keys) {
    this.#dialog = dialog;
    this.#keys = [...keys, { keys: ['?'], does: 'show these keys', act: () => this.showHelp() }];
    this.#switch.checked = localStorage.getItem(place) !== 'off';
    this.#switch.addEventListener('change', () => localStorage.setItem(place, this.#switch.checked ? 'on' : 'off'));
    this.#fill();
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  showHelp() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #fill() {
    const line = (/** @type {readonly string[]} */ keys, /** @type {string} */ does) =>
      h('div', {}, h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, does));
    const close = h(
      'button',
      { type: 'button', class: 'button primary', onclick: () => this.#dialog.close() },
      'Close',
    );
    this.#dialog.append(
      h('h2', { id: 'keys-title' }, 'Keys'),
      h(
        'dl',
        {},
        ...treeKeys.map(([keys, does]) => line(keys, does)),
        ...this.#keys.map(({ keys, does }) => line(keys, does)),
      ),
      h('label', { class: 'switch' }, this.#switch, 'Keys without Ctrl work outside of text'),
      close,
    );
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || this.#dialog.open) return;
    const isEscape = event.key === 'Escape';
    if (!isEscape && (isTyping(event.target) || !this.#switch.checked)) return;
    const pressed = isEscape ? 'Esc' : event.key;
    const found = this.#keys.find(({ keys }) => keys.includes(pressed));
    if (found === undefined) return;
    event.preventDefault();
    found.act(pressed);
  }
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
}
