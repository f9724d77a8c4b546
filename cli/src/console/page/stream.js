// @ts-check
import { NotAnswered } from './server.js';
import { eventReader } from './server-sent-events.js';

/** @typedef {import('../api.ts').Overview} Overview */
/** @typedef {import('./server.js').Server} Server */

/**
 * How live what is shown is. `since` and `retryAt` are milliseconds since the epoch.
 * @typedef {{ readonly phase: 'connecting' } | { readonly phase: 'live' }
 *   | { readonly phase: 'lost', readonly since: number, readonly retryAt: number, readonly why: string }} Liveness
 */

/**
 * What a stream tells.
 * @typedef {object} Listener
 * @property {(overview: Overview) => void} onOverview
 * @property {(liveness: Liveness) => void} onLiveness
 * @property {(refusal: NotAnswered) => void} onRefused the visitor is not let in (any more); the stream has ended
 */

/** The server says something at least every 15 s. Silence is all there is to tell a dead line by. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * How long to wait before connecting again: doubled with each failure up to 15 s, and spread so that many tabs do not come at once.
 * @param {number} failures in a row, 1 or more
 * @param {number} chance 0 to 1
 */
export function waitAfter(failures, chance) {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  return Math.round(wait * (0.75 + chance / 4));
}

/** The overviews of the server, for as long as it is not closed: whatever breaks is connected again. */
export class OverviewStream {
  #closed = new AbortController();
  /** @type {() => void} */
  #wake = () => {};
  #failures = 0;
  #heardAt = Date.now();
  #server;
  #listener;

  /**
   * @param {Server} server
   * @param {Listener} listener
   */
  constructor(server, listener) {
    this.#server = server;
    this.#listener = listener;
    this.#listener.onLiveness({ phase: 'connecting' });
    void this.#run();
  }

  close() {
    this.#closed.abort();
    this.#wake();
  }

  /** Connects at once where it waits to. */
  retryNow() {
    this.#wake();
  }

  async #run() {
    while (!this.#closed.signal.aborted) {
      const why = await this.#listen().catch((error) => error);
      if (this.#closed.signal.aborted) return;
      if (why instanceof NotAnswered && why.status === 401) return this.#listener.onRefused(why);
      await this.#wait(why instanceof NotAnswered ? why.message : 'The connection to the console ended.');
    }
  }

  /** Until the server, the network or {@link close} ends it. */
  async #listen() {
    const line = new AbortController();
    const signal = AbortSignal.any([line.signal, this.#closed.signal]);
    let silence = setTimeout(() => line.abort(), SILENCE_MS);
    try {
      const body = await this.#server.overviews(signal);
      if (body === null) return;
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      const read = eventReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.#heardAt = Date.now();
        clearTimeout(silence);
        silence = setTimeout(() => line.abort(), SILENCE_MS);
        for (const { event, data } of read(part.value)) this.#take(event, data);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  /**
   * @param {string} event
   * @param {string} data
   */
  #take(event, data) {
    if (event === 'refused') throw new NotAnswered(401, JSON.parse(data));
    if (event !== 'overview') return;
    this.#failures = 0;
    this.#listener.onLiveness({ phase: 'live' });
    this.#listener.onOverview(JSON.parse(data));
  }

  /** @param {string} why */
  async #wait(why) {
    this.#failures += 1;
    const ms = waitAfter(this.#failures, Math.random());
    this.#listener.onLiveness({ phase: 'lost', since: this.#heardAt, retryAt: Date.now() + ms, why });
    /** @type {Promise<void>} */
    const woken = new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await woken;
  }
}
