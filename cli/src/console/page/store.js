// @ts-check

/** @typedef {import('../api.ts').Overview} Overview */
/** @typedef {import('../api.ts').Session} Session */
/** @typedef {import('../api.ts').Detail} Detail */
/** @typedef {import('./route.js').Route} Route */
/** @typedef {import('./stream.js').Liveness} Liveness */

/**
 * What is known of the selected object: the last answer stays while the next one is awaited.
 * @typedef {{ readonly object: string, readonly detail?: Detail, readonly problem?: string, readonly isGone?: boolean }} Selected
 */

/**
 * All that the page shows.
 * @typedef {object} State
 * @property {Session | undefined} session
 * @property {Overview | undefined} overview
 * @property {Liveness} liveness
 * @property {Route} route
 * @property {Selected | undefined} selected
 * @property {ReadonlyMap<string, boolean>} toggled rows that a reader expanded or collapsed
 */

/** Holds the state; whoever listens is called once after each run of changes, with all that changed. */
export class Store {
  /** @type {State} */
  #state;
  /** @type {((state: State, before: State) => void)[]} */
  #listeners = [];
  /** @type {State | undefined} */
  #before;

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
  }

  get state() {
    return this.#state;
  }

  /** @param {Partial<State>} changes */
  set(changes) {
    if (this.#before === undefined) queueMicrotask(() => this.#tell());
    this.#before ??= this.#state;
    this.#state = { ...this.#state, ...changes };
  }

  /** @param {(state: State, before: State) => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
  }

  #tell() {
    const before = this.#before ?? this.#state;
    this.#before = undefined;
    for (const listener of this.#listeners) listener(this.#state, before);
  }
}
