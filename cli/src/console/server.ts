import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '@capstan/kube';
import type { Refusal } from './api.ts';
import { sendOverviews } from './http/event-stream.ts';
import { bearerOf, checkLoopbackHost, checkManifestType, guardHeaders, namespaceIn } from './http/guard.ts';
import { readBody } from './http/read-body.ts';
import { type Route, routeOf } from './http/route.ts';
import { Refused } from './refused.ts';
import type { PageFile } from './serve-page.ts';
import type { Door, Visitor } from './visitor.ts';

export interface ConsoleServerOptions {
  readonly door: Door;
  readonly page: ReadonlyMap<string, PageFile>;
  /** Address to listen on, such as `127.0.0.1`. */
  readonly bind: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether it answers under any name, as behind a Service; only as loopback unless told. */
  readonly isPublic?: boolean;
  readonly clock?: Clock;
  /** Told of defects; the visitor is told only that there was one. */
  readonly onDefect: (error: unknown) => void;
}

/** A manifest is as large as the API server would take, and no larger. */
const largestManifest = 1_048_576;

/**
 * The console as an HTTP server: the files of the page, and what it asks.
 *
 * @example
 * ```ts
 * await using server = await ConsoleServer.start({ door, page: await readPage(), bind: '127.0.0.1', port: 0, onDefect });
 * ```
 */
export class ConsoleServer implements AsyncDisposable {
  readonly #options: ConsoleServerOptions;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #end = new AbortController();

  private constructor(options: ConsoleServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    // Nothing that is sent here takes long; the stream is an answer, and not limited by these.
    this.#server.requestTimeout = 30_000;
    this.#server.headersTimeout = 10_000;
  }

  /** @throws {Error} when the port is taken */
  static async start(options: ConsoleServerOptions): Promise<ConsoleServer> {
    const server = new ConsoleServer(options);
    server.#server.listen(options.port, options.bind);
    await once(server.#server, 'listening');
    return server;
  }

  /** `http://127.0.0.1:8001`. */
  get url(): string {
    // It listens on a host and a port, so this is no path of a socket.
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Ends every stream, then every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#end.abort();
    this.#server.closeIdleConnections();
    this.#clock.setTimeout(() => this.#server.closeAllConnections(), 1_000).unref?.();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
    // A visitor who leaves in the middle is no failure.
    response.on('error', () => {});
    try {
      if (this.#options.isPublic !== true) checkLoopbackHost(request.headers.host);
      const { route, query } = routeOf(request.method ?? '', request.url ?? '/');
      if (route.kind === 'file') this.#sendFile(route.path, request, response);
      else await this.#serve(route, namespaceIn(query), request, response);
    } catch (error) {
      this.#refuse(error, request, response);
    }
  }

  #sendFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.#options.page.get(path);
    if (file === undefined) throw new Refused(404, 'there is no such page');
    const { contentType, body } = file;
    response.writeHead(200, {
      'content-type': contentType,
      'content-length': body.length,
      'cache-control': 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #serve(
    route: Exclude<Route, { kind: 'file' }>,
    namespace: string | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const bearer = bearerOf(request.headers.authorization);
    const visitor = await this.#options.door.admit({ bearer, namespace });
    switch (route.kind) {
      case 'session':
        return sendJson(response, 200, await visitor.session());
      case 'detail':
        return sendJson(response, 200, await visitor.detail(route.address));
      case 'plan':
        checkManifestType(request.headers['content-type']);
        return sendJson(response, 200, await visitor.plan(await readBody(request, largestManifest)));
      case 'stream':
        return await this.#stream(visitor, response);
    }
  }

  async #stream(visitor: Visitor, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    response.on('close', () => left.abort());
    const signal = AbortSignal.any([left.signal, this.#end.signal]);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    // The head tells the page that it was let in, before there is anything to show.
    response.flushHeaders();
    await sendOverviews(response, visitor.overviews(signal), { clock: this.#clock, signal });
  }

  #refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (!(error instanceof Refused)) this.#options.onDefect(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const status = error instanceof Refused ? error.status : 500;
    const message = error instanceof Refused ? error.message : 'the console failed: its own output says how';
    const refusal: Refusal = { message, ...(status === 401 && { login: this.#options.door.login }) };
    // What was not read of a body that is too large is not read at all.
    if (!request.complete) response.setHeader('connection', 'close');
    sendJson(response, status, refusal);
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const type = 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store' });
  response.end(body);
}
