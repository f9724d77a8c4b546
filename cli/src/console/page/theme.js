// @ts-check

/** @typedef {'system' | 'light' | 'dark'} Theme */

const place = 'capstan-console-theme';
/** @type {readonly Theme[]} */
const themes = ['system', 'light', 'dark'];
const words = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };

/** The chosen theme; what was chosen is kept in this browser. */
export class ThemeSwitch {
  #button;

  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.#button = button;
    button.addEventListener('click', () => this.next());
    this.#show(chosen());
  }

  /** As the system, light, dark, and around again. */
  next() {
    const theme = themes[(themes.indexOf(chosen()) + 1) % themes.length] ?? 'system';
    localStorage.setItem(place, theme);
    this.#show(theme);
  }

  /** @param {Theme} theme */
  #show(theme) {
    document.documentElement.dataset['theme'] = theme;
    this.#button.title = words[theme];
    this.#button.setAttribute('aria-label', words[theme]);
  }
}

/** @returns {Theme} */
function chosen() {
  const kept = localStorage.getItem(place);
  return themes.find((theme) => theme === kept) ?? 'system';
}
