// @ts-check
import { keepAccess } from './access.js';
import { byId, h, setText } from './dom.js';

/** What a header can carry; nothing else is a token or a key. */
const sendable = /^[A-Za-z0-9._~+/=-]+$/;

const asked = {
  token: {
    title: 'Who are you?',
    label: 'Bearer token',
    how: 'You see what this token may see, and nothing more. It stays in this tab: closing the tab forgets it. One for a service account:',
    command: 'kubectl create token my-account -n my-namespace --duration 8h',
  },
  key: {
    title: 'Open the printed address',
    label: 'Key',
    how: 'capstan console printed an address with a key in it, so that nobody else on this machine can look in. Open that address, or paste what stands behind #key= here. It is a new one each time the console starts:',
    command: 'capstan console',
  },
};

/** The form that asks for a token, or for the key of the printed address. */
export class Login {
  #box = byId('login', HTMLElement);
  #title = h('h2', { id: 'login-title' });
  #how = h('p');
  #command = h('pre', { class: 'sample', tabindex: 0, 'aria-label': 'Command' });
  #label = h('label', { for: 'secret' });
  #secret = h('input', {
    type: 'password',
    id: 'secret',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
    'aria-describedby': 'login-problem',
  });
  #problem = h('p', { class: 'callout bad', id: 'login-problem', role: 'alert', hidden: true });
  #onAccess;

  /** @param {() => void} onAccess something was entered and kept */
  constructor(onAccess) {
    this.#onAccess = onAccess;
    const form = h(
      'form',
      { class: 'login-card', 'aria-labelledby': 'login-title', onsubmit: (event) => this.#onSubmit(event) },
      ...[this.#title, this.#how, this.#command, this.#label, this.#secret, this.#problem],
      h('button', { type: 'submit', class: 'button primary' }, 'Enter'),
    );
    this.#box.append(form);
  }

  /**
   * @param {'key' | 'token'} wanted
   * @param {string} problem empty: none to tell
   */
  ask(wanted, problem) {
    const { title, label, how, command } = asked[wanted];
    setText(this.#title, title);
    setText(this.#how, how);
    setText(this.#command, command);
    setText(this.#label, label);
    this.#tell(problem);
    this.#box.hidden = false;
    this.#secret.focus();
  }

  hide() {
    this.#box.hidden = true;
    this.#secret.value = '';
  }

  /** @param {string} problem */
  #tell(problem) {
    setText(this.#problem, problem);
    this.#problem.hidden = problem === '';
  }

  /** @param {Event} event */
  #onSubmit(event) {
    event.preventDefault();
    const secret = this.#secret.value.trim();
    if (!sendable.test(secret)) return this.#tell('A token has only letters, digits and . _ ~ + / = - in it.');
    keepAccess(secret);
    this.#onAccess();
  }
}
