// @ts-check
import { NotAnswered } from './server.js';

/** @typedef {import('./server.js').Server} Server */
/** @typedef {import('./store.js').Selected} Selected */

/** An object is asked for again this often while it is looked at: events and passes come without a change of the tree. */
const EVERY_MS = 10_000;
/** The tree may change four times a second; details are asked for less often. */
const AT_MOST_EVERY_MS = 1000;

/** Keeps what is known of the selected object up to date. */
export class DetailLoader {
  /** @type {string | undefined} */
  #object;
  #asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #askedAt = 0;
  #isAsking = false;
  #server;
  #tell;
  #onRefused;

  /**
   * @param {Server} server
   * @param {(selected: Selected) => void} tell
   * @param {(refusal: NotAnswered) => void} onRefused the visitor is not let in any more
   */
  constructor(server, tell, onRefused) {
    this.#server = server;
    this.#tell = tell;
    this.#onRefused = onRefused;
  }

  /**
   * Asks for another object from now on; for none where there is none.
   * @param {string | undefined} object as `objectPath` writes it
   */
  select(object) {
    if (object === this.#object) return;
    this.#object = object;
    this.#asking.abort();
    this.#isAsking = false;
    clearTimeout(this.#next);
    if (object !== undefined) void this.#ask(object);
  }

  /** Something changed: asks anew, soon. */
  refresh() {
    if (this.#object !== undefined && !this.#isAsking) this.#plan(this.#object, this.#askedAt + AT_MOST_EVERY_MS);
  }

  /**
   * @param {string} object
   * @param {number} at
   */
  #plan(object, at) {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#ask(object), Math.max(0, at - Date.now()));
  }

  /** @param {string} object */
  async #ask(object) {
    if (document.hidden) return this.#plan(object, Date.now() + EVERY_MS);
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#askedAt = Date.now();
    this.#isAsking = true;
    try {
      const detail = await this.#server.detail(object, signal);
      if (!signal.aborted) this.#tell({ object, detail });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NotAnswered && error.status === 401) return this.#onRefused(error);
      const message = error instanceof Error ? error.message : String(error);
      this.#tell({ object, problem: message, isGone: error instanceof NotAnswered && error.status === 404 });
    } finally {
      if (!signal.aborted) {
        this.#isAsking = false;
        this.#plan(object, Date.now() + EVERY_MS);
      }
    }
  }
}
