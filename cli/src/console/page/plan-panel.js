// @ts-check
import { drawChange } from './diff.js';
import { drawing, h, setText } from './dom.js';
import { NotAnswered } from './server.js';

/** @typedef {import('../api.ts').PlanView} PlanView */
/** @typedef {import('./server.js').Server} Server */

/** An editor for a resource's manifest, and what would become of it. What a reader typed is never replaced by an update. */
export class PlanPanel {
  /** @type {string | undefined} */
  #object;
  #original = '';
  #asking = new AbortController();
  #server;
  #onRefused;
  #numbers = h('div', { class: 'numbers', 'aria-hidden': 'true' });
  #editor = h('textarea', {
    id: 'manifest',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    wrap: 'off',
    'aria-describedby': 'plan-hint',
  });
  #news = h('p', { class: 'news', hidden: true, role: 'status' });
  #reset = h('button', { type: 'button', class: 'button', disabled: true, onclick: () => this.#startOver() }, 'Reset');
  #submit = h('button', { type: 'submit', class: 'button primary' }, 'Plan');
  #answer = h('div', { class: 'answer', 'aria-live': 'polite' });
  #form;

  /**
   * @param {Server} server
   * @param {(refusal: NotAnswered) => void} onRefused the visitor is not let in any more
   */
  constructor(server, onRefused) {
    this.#server = server;
    this.#onRefused = onRefused;
    const hint = 'Edit it and see what the operator would do. Nothing is written.';
    this.#form = h(
      'form',
      { class: 'plan', onsubmit: (event) => this.#onSubmit(event) },
      h(
        'div',
        { class: 'editing' },
        h(
          'div',
          { class: 'bar' },
          h('label', { for: 'manifest' }, 'Manifest'),
          h('p', { id: 'plan-hint', class: 'hint' }, hint),
        ),
        h('div', { class: 'editor' }, this.#numbers, this.#editor),
        this.#news,
        h(
          'div',
          { class: 'bar' },
          this.#submit,
          this.#reset,
          h('p', { class: 'hint' }, h('kbd', {}, 'Ctrl'), h('kbd', {}, 'Enter')),
        ),
      ),
      this.#answer,
    );
    this.#editor.addEventListener('input', () => this.#onEdit());
    this.#editor.addEventListener('scroll', () => {
      this.#numbers.scrollTop = this.#editor.scrollTop;
    });
    this.#editor.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#submit.focus();
    });
  }

  get element() {
    return this.#form;
  }

  /**
   * Starts with a manifest, for another object; for the same one it only tells where the reader has begun to edit.
   * @param {string} object
   * @param {string} manifest
   */
  show(object, manifest) {
    const isOther = object !== this.#object;
    if (!isOther && manifest === this.#original) return;
    const isEdited = !isOther && this.#editor.value !== this.#original;
    this.#object = object;
    this.#original = manifest;
    if (isEdited)
      return this.#tellNews('The resource has changed since you began to edit. Reset shows it as it is now.');
    this.#startOver(isOther);
  }

  /** @param {boolean} forgetsAnswer */
  #startOver(forgetsAnswer = true) {
    this.#editor.value = this.#original;
    this.#onEdit();
    this.#tellNews('');
    if (!forgetsAnswer) return;
    this.#asking.abort();
    this.#submit.disabled = false;
    this.#answer.replaceChildren(
      h('p', { class: 'quiet' }, 'What would be created, changed and removed is shown here, object by object.'),
    );
  }

  #onEdit() {
    const lines = this.#editor.value.split('\n').length;
    setText(this.#numbers, Array.from({ length: lines }, (_, index) => index + 1).join('\n'));
    this.#reset.disabled = this.#editor.value === this.#original;
  }

  /** @param {string} text */
  #tellNews(text) {
    setText(this.#news, text);
    this.#news.hidden = text === '';
  }

  /** @param {Event} event */
  async #onSubmit(event) {
    event.preventDefault();
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#submit.disabled = true;
    this.#answer.setAttribute('aria-busy', 'true');
    const drawn = await this.#ask(signal);
    if (signal.aborted) return;
    this.#submit.disabled = false;
    this.#answer.removeAttribute('aria-busy');
    this.#answer.replaceChildren(...drawn);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<readonly HTMLElement[]>}
   */
  async #ask(signal) {
    try {
      return drawPlan(await this.#server.plan(this.#editor.value, signal));
    } catch (error) {
      if (error instanceof NotAnswered && error.status === 401) this.#onRefused(error);
      return [drawProblems([error instanceof Error ? error.message : String(error)])];
    }
  }
}

/**
 * @param {PlanView} plan
 * @returns {readonly HTMLElement[]}
 */
function drawPlan({ changes, problems, summary }) {
  return [
    ...(problems.length === 0 ? [] : [drawProblems(problems)]),
    h('p', { class: 'summary' }, summary),
    ...changes.map(drawChange),
  ];
}

/** @param {readonly string[]} problems */
function drawProblems(problems) {
  const shape = drawing('warning', [
    ['path', { d: 'M8 2l6.5 11.5h-13z' }],
    ['path', { d: 'M8 6.5v3M8 11.5v.1' }],
  ]);
  const lines = problems.map((problem) => h('li', {}, problem));
  return h('div', { class: 'callout bad', role: 'alert' }, shape, h('ul', {}, ...lines));
}
