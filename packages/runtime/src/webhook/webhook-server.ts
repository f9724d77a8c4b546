import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KeyedCertificate } from '@capstan/pki';
import type { Logger } from 'pino';
import { type BindAddress, parseBindAddress } from '../observe/serving/bind-address.ts';
import { HttpRefusal } from '../observe/serving/http-server.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

export interface WebhookServerOptions {
  /** `:9443`, `127.0.0.1:0`; port 0 takes a free one. */
  readonly bindAddress: string;
  readonly endpoints: readonly WebhookEndpoint[];
  readonly log: Logger;
}

/**
 * How long things may take, in ms. A body has to arrive within the API server's own limit for a webhook (30 s at most).
 * Idle connections are kept longer than the 90 s for which API servers keep them, so that it is they who close them: a
 * request that meets a closing connection fails.
 */
const patience = { headers: 5_000, request: 30_000, idle: 120_000, drain: 5_000 };

const mostConnections = 1_024;

/**
 * The HTTPS server that API servers call. It listens before it has a certificate: until `use` handshakes fail, which
 * takes seconds on the very first start only. A later certificate serves new connections; those that are open go on with theirs.
 */
export class WebhookServer {
  readonly #options: WebhookServerOptions;
  readonly #address: BindAddress;
  readonly #endpoints: ReadonlyMap<string, WebhookEndpoint>;
  #server: Server | undefined;
  #port: number | undefined;
  #underWay = 0;
  /** Every connection, also those still shaking hands. */
  readonly #sockets = new Set<Duplex>();
  /** Resolves once the server is stopping and nobody waits for an answer. */
  readonly #quiet = Promise.withResolvers<void>();

  /** @throws {TypeError} when the address cannot be read */
  constructor(options: WebhookServerOptions) {
    this.#options = options;
    this.#address = parseBindAddress(options.bindAddress);
    this.#endpoints = new Map(options.endpoints.map((endpoint) => [endpoint.path, endpoint]));
  }

  /** Where it listens; `undefined` before the start. */
  get port(): number | undefined {
    return this.#port;
  }

  /** @throws {Error} when the address is taken or not ours; names it */
  async start(): Promise<void> {
    const { createServer } = await import('node:https');
    const server = createServer(
      {
        headersTimeout: patience.headers,
        requestTimeout: patience.request,
        keepAliveTimeout: patience.idle,
        connectionsCheckingInterval: 1_000,
        maxHeaderSize: 16_384,
        handshakeTimeout: patience.headers,
        minVersion: 'TLSv1.2',
      },
      (incoming, response) => void this.#respond(incoming, response),
    );
    server.maxConnections = mostConnections;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
    this.#port = await listening(server, this.#address).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`the webhook server cannot listen on ${this.#options.bindAddress}: ${why}`, { cause });
    });
    server.on('error', (error) => this.#options.log.error({ err: error }, 'the webhook server has a problem'));
  }

  /** Serves new connections with this certificate from now on. */
  use({ certificate, privateKey }: KeyedCertificate): void {
    this.#server?.setSecureContext({ cert: certificate, key: privateKey });
  }

  /** Answers what is under way, for a moment, and closes every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || !server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = setTimeout(() => this.#quiet.resolve(), patience.drain);
    if (this.#underWay > 0) await this.#quiet.promise;
    clearTimeout(cut);
    // The server knows connections only once they are used: it would wait for those that never were.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    response.once('close', () => {
      this.#underWay -= 1;
      if (this.#underWay === 0 && this.#server === undefined) this.#quiet.resolve();
    });
    response.on('error', () => {}); // The asker has gone: there is nobody to tell.
    const { status, body, headers } = await this.#replyTo(incoming);
    // A stopping server keeps no connection; a body that was not read to its end leaves the connection unusable.
    const isLast = this.#server === undefined || !incoming.complete;
    response.writeHead(status, { ...headers, ...(isLast && { connection: 'close' }) });
    response.end(body);
    if (!incoming.complete) incoming.resume();
  }

  async #replyTo(incoming: IncomingMessage): Promise<Reply> {
    try {
      const endpoint = this.#endpointFor(incoming);
      const answer = await endpoint.answer(await bodyOf(incoming, endpoint.longestBody));
      return { status: 200, body: JSON.stringify(answer), headers: { 'content-type': 'application/json' } };
    } catch (error) {
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      if (error instanceof HttpRefusal)
        return { status: error.status, body: `${error.message}\n`, headers: { ...headers, ...error.headers } };
      if (!incoming.destroyed) this.#options.log.error({ err: error }, 'the webhook server could not answer');
      return { status: 500, body: 'it failed; the log of the operator says why\n', headers };
    }
  }

  #endpointFor({ url = '/', method = '', headers }: IncomingMessage): WebhookEndpoint {
    const endpoint = this.#endpoints.get(url.split('?', 1)[0] ?? '');
    if (endpoint === undefined) throw new HttpRefusal(404, `there are ${[...this.#endpoints.keys()].join(', ')}`);
    if (method !== 'POST') throw new HttpRefusal(405, `${method} is not done here`, { allow: 'POST' });
    if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
      throw new HttpRefusal(415, 'the body must be application/json');
    if (Number(headers['content-length'] ?? 0) > endpoint.longestBody) throw tooLong(endpoint.longestBody);
    return endpoint;
  }
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Not by iteration: leaving that early takes the connection with it, and with it the answer. */
function bodyOf(incoming: IncomingMessage, longest: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= longest) chunks.push(chunk);
      else reject(tooLong(longest));
    });
    incoming.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.once('error', reject);
  });
}

function tooLong(longest: number): HttpRefusal {
  return new HttpRefusal(413, `the body is longer than ${longest} bytes`);
}

function listening(server: Server, { host, port }: BindAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.removeListener('error', reject);
      // A server that listens on a port has an address with one.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
