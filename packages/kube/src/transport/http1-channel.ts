import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TransportError } from '../api-error.ts';
import type { HttpChannel, HttpRequest, HttpResponse } from './http-exchange.ts';

/** Kept-alive HTTP/1.1 connections, for servers and proxies that do not speak HTTP/2. One request per connection at a time. */
export class Http1Channel implements HttpChannel {
  readonly hasRoom = true;
  readonly #authority: URL;
  readonly #agent: DiallingAgent;
  readonly #underWay = new Set<ClientRequest>();
  readonly #onClosed: () => void;
  #retired = false;

  constructor(authority: URL, dial: () => Promise<Duplex>, onClosed: () => void) {
    this.#authority = authority;
    this.#agent = new DiallingAgent(dial);
    this.#onClosed = onClosed;
  }

  get isClosed(): boolean {
    return this.#retired;
  }

  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest({
        agent: this.#agent,
        host: this.#authority.hostname,
        method: request.method,
        path: request.path,
        headers: { host: this.#authority.host, ...request.headers, ...lengthOf(request) },
      });
      const onAbort = () => sent.destroy();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#underWay.add(sent);
      let answered = false;
      const fail = (cause?: Error) => {
        if (!answered) reject(failureOf(request, sent, cause));
      };
      sent.once('close', () => {
        signal.removeEventListener('abort', onAbort);
        this.#underWay.delete(sent);
        this.#closeWhenDone();
        fail();
      });
      sent.on('error', fail);
      sent.once('socket', () => {
        try {
          request.beforeSend?.();
        } catch (refusal) {
          reject(refusal);
          sent.destroy();
        }
      });
      sent.once('response', (response) => {
        answered = true;
        resolve(responseOf(sent, response));
      });
      sent.end(request.body);
      if (signal.aborted) onAbort();
    });
  }

  retire(): void {
    this.#retired = true;
    this.#closeWhenDone();
  }

  destroy(): void {
    this.#retired = true;
    for (const request of this.#underWay) request.destroy();
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (!this.#retired || this.#underWay.size > 0) return;
    this.#agent.destroy();
    this.#onClosed();
  }
}

/** An agent whose sockets come ready-made, whatever they run through. */
class DiallingAgent extends Agent {
  readonly #dial: () => Promise<Duplex>;

  constructor(dial: () => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#dial = dial;
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, socket: Duplex) => void): undefined {
    this.#dial().then(
      (socket) => callback?.(null, socket),
      // Node reads no socket when there is an error; its types ask for one all the same.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}

function lengthOf(request: HttpRequest): Record<string, string> {
  return request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
}

function responseOf(sent: ClientRequest, response: IncomingMessage): HttpResponse {
  // A body that breaks off is reported to its reader; without a reader it must not end the process.
  response.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: response,
    interrupted: () => !response.complete,
    cancel: () => sent.destroy(),
  };
}

function failureOf(request: HttpRequest, sent: ClientRequest, cause: Error | undefined): TransportError {
  if (cause instanceof TransportError) return cause;
  const name = `${request.method} ${request.path.split('?', 1)[0]}`;
  const reason = cause?.message ?? 'the connection was closed before an answer came';
  return new TransportError(`${name}: ${reason}`, { cause, maySent: sent.socket !== null });
}
