import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import { type BindAddress, parseBindAddress } from './bind-address.ts';
import type { CertificateSource, KeyedCertificate } from './serving-certificate.ts';

/** What a handler is asked. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded segments are the handler's business. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The peer of the socket; what a header says of it is not believed. */
  readonly remoteAddress: string | undefined;
  /** The body as text; throws {@link HttpRefusal} beyond a kilobyte. */
  body(): Promise<string>;
}

export interface HttpReply {
  readonly status: number;
  /** `text/plain` unless told. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpReply> | HttpReply;

/** Ends a request with a status and a sentence for whoever asked. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export interface ObservingServerOptions {
  /** For logs and errors: `metrics`. */
  readonly name: string;
  /** As `parseBindAddress` reads it. */
  readonly bindAddress: string;
  readonly handler: HttpHandler;
  readonly log: Logger;
  /** Serves HTTPS with it; plain HTTP unless told. */
  readonly certificate?: CertificateSource | undefined;
}

/** Nothing that is asked here needs more. */
const longestBody = 1_024;
const jsonSpace = 2;

/** How long a client may take, in ms: one that sends a byte now and then holds a socket little longer than this. */
const patience = { headers: 5_000, request: 10_000, idle: 30_000, lookEvery: 2_000 };

/** A small HTTP server for those who look at the operator. A bad request, or a handler that throws, never ends it. */
export class ObservingServer {
  readonly #options: ObservingServerOptions;
  readonly #address: BindAddress;
  #server: Server | undefined;
  #url: string | undefined;
  /** Every connection, also those still shaking hands. */
  readonly #sockets = new Set<Socket>();

  /** @throws {TypeError} when the address cannot be read */
  constructor(options: ObservingServerOptions) {
    this.#options = options;
    this.#address = parseBindAddress(options.bindAddress);
  }

  /** Where it listens, such as `http://127.0.0.1:8080`; `undefined` before and after. */
  get url(): string | undefined {
    return this.#url;
  }

  /** @throws {Error} when the address is taken or not ours; names it */
  async start(): Promise<void> {
    const { name, bindAddress, log, certificate } = this.#options;
    const server = await this.#make(certificate === undefined ? undefined : await certificate.current());
    certificate?.onRenewed((renewed) => 'setSecureContext' in server && setSecureContext(server, renewed));
    await listening(server, this.#address).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`the ${name} server cannot listen on ${bindAddress}: ${why}`, { cause });
    });
    server.on('error', (error) => log.error({ err: error }, `the ${name} server has a problem`));
    this.#server = server;
    this.#url = urlOf(server.address(), certificate === undefined ? 'http' : 'https');
    log.info({ url: this.#url }, `serving ${name}`);
  }

  /** Answers what is under way, for a moment, and closes every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#url = undefined;
    this.#options.certificate?.close();
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // The server knows connections only once they are used: it would wait for those that never were.
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, 1_000);
    await closed;
    clearTimeout(cut);
  }

  async #make(certificate: KeyedCertificate | undefined): Promise<Server> {
    const limits = {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: patience.idle,
      connectionsCheckingInterval: patience.lookEvery,
      maxHeaderSize: 16_384,
    };
    const listener = (incoming: IncomingMessage, response: ServerResponse) => void this.#answer(incoming, response);
    const server =
      certificate === undefined
        ? (await import('node:http')).createServer(limits, listener)
        : (await import('node:https')).createServer(
            { ...limits, ...pemOf(certificate), handshakeTimeout: patience.headers, minVersion: 'TLSv1.2' },
            listener,
          );
    server.maxConnections = 256;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#replyTo(incoming);
    const { status, contentType = 'text/plain; charset=utf-8', headers = {}, body } = reply;
    response.on('error', () => {}); // The asker has gone: there is nobody to tell.
    response.writeHead(status, {
      ...headers,
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(incoming.method === 'HEAD' ? undefined : body);
    if (!incoming.complete) incoming.resume();
  }

  async #replyTo(incoming: IncomingMessage): Promise<HttpReply> {
    try {
      return await this.#options.handler(requestOf(incoming));
    } catch (error) {
      if (error instanceof HttpRefusal)
        return { status: error.status, headers: error.headers, body: `${error.message}\n` };
      this.#options.log.error({ err: error }, `the ${this.#options.name} server could not answer`);
      return { status: 500, body: 'it failed; the log of the operator says why\n' };
    }
  }
}

/** A JSON answer, laid out for people. */
export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value, null, jsonSpace)}\n` };
}

function requestOf(incoming: IncomingMessage): HttpRequest {
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const { method = 'GET', headers, socket } = incoming;
  return {
    ...{ method, path, headers, query: new URLSearchParams(query), remoteAddress: socket.remoteAddress },
    body: () => bodyOf(incoming),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    text += chunk;
    if (text.length > longestBody) throw new HttpRefusal(413, `the body is longer than ${longestBody} characters`);
  }
  return text;
}

function listening(server: Server, { host, port }: BindAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function urlOf(address: string | AddressInfo | null, scheme: string): string | undefined {
  if (address === null || typeof address === 'string') return undefined;
  const isWildcard = address.address === '::' || address.address === '0.0.0.0';
  const host = isWildcard ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}

function pemOf({ certificate, privateKey }: KeyedCertificate): { readonly cert: string; readonly key: string } {
  return { cert: certificate, key: privateKey };
}

/** Connections that are open keep the certificate they began with. */
function setSecureContext(server: object, renewed: KeyedCertificate): void {
  const { setSecureContext: set } = server as import('node:https').Server; // checked by the caller: only a TLS server has it
  set.call(server, pemOf(renewed));
}
