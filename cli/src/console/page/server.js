// @ts-check
import { accessHeader } from './access.js';

/** @typedef {import('../api.ts').Detail} Detail */
/** @typedef {import('../api.ts').PlanView} PlanView */
/** @typedef {import('../api.ts').Refusal} Refusal */
/** @typedef {import('../api.ts').Session} Session */

/** An answer that is not 2xx, or none at all (status 0); the message is for the reader. */
export class NotAnswered extends Error {
  /**
   * @param {number} status
   * @param {Refusal} refusal
   */
  constructor(status, { message, login }) {
    super(message);
    this.name = 'NotAnswered';
    this.status = status;
    this.login = login;
  }
}

/** The console's server, asked as the visitor. */
export class Server {
  #namespace;

  /** @param {() => string} namespace the only one that is looked at; empty: all. Each question says so, for the answers come from its watches. */
  constructor(namespace) {
    this.#namespace = namespace;
  }

  /** @returns {Promise<Session>} */
  async session() {
    return await (await this.#ask('/api/session')).json();
  }

  /**
   * @param {string} object as `objectPath` writes it
   * @param {AbortSignal} signal
   * @returns {Promise<Detail>}
   */
  async detail(object, signal) {
    return await (await this.#ask(`/api/objects/${object}`, { signal })).json();
  }

  /**
   * @param {string} manifest
   * @param {AbortSignal} signal
   * @returns {Promise<PlanView>}
   */
  async plan(manifest, signal) {
    const headers = { 'Content-Type': 'text/yaml' };
    return await (await this.#ask('/api/plan', { method: 'POST', headers, body: manifest, signal })).json();
  }

  /**
   * Server-sent events, for as long as the signal and the server let them come.
   * @param {AbortSignal} signal
   * @returns {Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>}
   */
  async overviews(signal) {
    return (await this.#ask('/api/stream', { headers: { Accept: 'text/event-stream' }, signal })).body;
  }

  /**
   * @param {string} path
   * @param {RequestInit & { readonly headers?: Readonly<Record<string, string>> }} [request]
   * @returns {Promise<Response>} of a 2xx answer
   * @throws {NotAnswered}
   */
  async #ask(path, request = {}) {
    const namespace = this.#namespace();
    const query = namespace === '' ? '' : `?namespace=${encodeURIComponent(namespace)}`;
    const headers = { ...request.headers, ...accessHeader() };
    const response = await fetch(`${path}${query}`, { cache: 'no-store', ...request, headers }).catch((error) => {
      if (request.signal?.aborted) throw error;
      throw new NotAnswered(0, { message: 'The console does not answer. Is `capstan console` still running?' });
    });
    if (response.ok) return response;
    throw new NotAnswered(response.status, await refusalOf(response));
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Refusal>}
 */
async function refusalOf(response) {
  const text = await response.text().catch(() => '');
  try {
    /** @type {unknown} */
    const body = JSON.parse(text);
    if (isRefusal(body)) return body;
  } catch {
    // Not from the console but from what stands before it, such as a proxy: its status is all there is to tell.
  }
  return { message: `The console answered ${response.status} ${response.statusText}`.trimEnd() };
}

/**
 * @param {unknown} body
 * @returns {body is Refusal}
 */
function isRefusal(body) {
  return typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
}
