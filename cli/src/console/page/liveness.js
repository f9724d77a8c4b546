// @ts-check
import { h, setText } from './dom.js';

/** @typedef {import('../api.ts').Overview} Overview */
/** @typedef {import('./stream.js').Liveness} Liveness */

const words = { connecting: 'Connecting', live: 'Live', lost: 'Not live' };

/** Says whether what is shown is live, and since when it is not. */
export class LivenessSign {
  #pill;
  #banner;
  #retry;
  #since = h('strong');
  #why = h('span');
  // Counts down each second, which nobody wants to hear.
  #again = h('span', { class: 'again', 'aria-hidden': 'true' });
  /** @type {Liveness} */
  #liveness = { phase: 'connecting' };

  /**
   * @param {HTMLElement} pill
   * @param {HTMLElement} banner
   * @param {() => void} retry
   */
  constructor(pill, banner, retry) {
    this.#pill = pill;
    this.#banner = banner;
    this.#retry = h('button', { type: 'button', class: 'button', onclick: retry }, 'Connect now');
    banner.append(h('p', {}, this.#since, ' ', this.#why, ' ', this.#again), this.#retry);
    setInterval(() => this.#count(), 1000);
  }

  /**
   * @param {Liveness} liveness of the line to the console
   * @param {Overview['stale']} stale the console's own line to the API server is broken
   */
  show(liveness, stale) {
    this.#liveness = liveness;
    const phase = liveness.phase === 'live' && stale !== undefined ? 'lost' : liveness.phase;
    this.#pill.className = `liveness ${phase}`;
    setText(this.#pill, words[phase]);
    this.#banner.hidden = phase !== 'lost';
    document.body.classList.toggle('is-old', phase === 'lost');
    this.#retry.hidden = this.#again.hidden = liveness.phase !== 'lost';
    const lost = liveness.phase === 'lost' ? liveness : stale;
    if (lost === undefined) return;
    setText(this.#since, `Not live since ${new Date(lost.since).toLocaleTimeString()}.`);
    setText(this.#why, lost.why);
    this.#count();
  }

  #count() {
    if (this.#liveness.phase !== 'lost') return;
    const seconds = Math.ceil((this.#liveness.retryAt - Date.now()) / 1000);
    setText(this.#again, seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again …');
  }
}
