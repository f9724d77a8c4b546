import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { HttpAnswer } from './http-answer.ts';
import { NoAnswerError } from './no-answer-error.ts';
import { noAnswerOf } from './transport-failure.ts';

/** One request as it is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  /** Lower-case names. Credentials are among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Over what a request goes, and what it may take. */
export interface ExchangeOptions {
  readonly agent: Agent;
  readonly lookup: LookupFunction;
  /** Until a connection stands, in ms. */
  readonly connectMs: number;
  /** Of the answer's body. */
  readonly bodyBytes: number;
  /** Bounds the whole. */
  readonly signal: AbortSignal;
}

/**
 * Sends one request and reads its answer to the end, following no redirect. A question that met a connection which Druid was just
 * closing is asked once more.
 * @throws {NoAnswerError} when there is none, none in time to connect, or one that is too long
 */
export async function exchange(request: HttpRequest, options: ExchangeOptions): Promise<HttpAnswer> {
  try {
    return await asked(request, options);
  } catch (error) {
    throw noAnswerOf(error, request.url);
  }
}

async function asked(request: HttpRequest, options: ExchangeOptions): Promise<HttpAnswer> {
  const first = new Exchange(request, options);
  try {
    return await first.answer();
  } catch (error) {
    if (request.method !== 'GET' || !first.metClosingConnection(error)) throw error;
    return await new Exchange(request, options).answer();
  }
}

class Exchange {
  readonly #request: HttpRequest;
  readonly #options: ExchangeOptions;
  readonly #sent: ClientRequest;

  constructor(request: HttpRequest, options: ExchangeOptions) {
    const { method, url, headers, body } = request;
    const { agent, lookup, signal } = options;
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    this.#request = request;
    this.#options = options;
    this.#sent = send(url, { method, headers: { ...headers, ...lengthOf(body) }, agent, lookup, signal });
  }

  metClosingConnection(error: unknown): boolean {
    return this.#sent.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  }

  async answer(): Promise<HttpAnswer> {
    const response = await this.#response();
    const { statusCode: status = 0, headers } = response;
    const contentType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    return { status, contentType, location: headers.location, text: await this.#textOf(response) };
  }

  #response(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const stop = this.#limitConnecting();
      this.#sent.on('error', reject).once('response', resolve).once('close', stop);
      this.#sent.end(this.#request.body);
    });
  }

  /** Ends the request when no connection stands in time. Returns what ends the watch. */
  #limitConnecting(): () => void {
    const { connectMs } = this.#options;
    const message = `no connection to ${this.#request.url.origin} within ${connectMs} ms`;
    const timer = setTimeout(() => this.#sent.destroy(new NoAnswerError('NoConnection', message)), connectMs);
    const stop = () => clearTimeout(timer);
    this.#sent.once('socket', (socket) => {
      if (this.#sent.reusedSocket) stop();
      else socket.once(this.#request.url.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
    });
    return stop;
  }

  async #textOf(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > this.#options.bodyBytes) {
        const limit = `${this.#options.bodyBytes} bytes`;
        throw new NoAnswerError('NotDruid', `${this.#request.url.origin} answered with more than ${limit}`);
      }
    }
    return Buffer.concat(chunks).toString();
  }
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
