import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Connection } from '@capstan/kube';
import { type ApiRequest, apiRequestOf } from './api-request.ts';
import { ArmedFault, type FaultRule, isWatchFault, type RequestFault } from './fault.ts';
import { OpenWatch } from './open-watch.ts';
import { endToEnd, Outlet } from './outlet.ts';
import { proxyCertificate } from './proxy-certificate.ts';
import { refusalBody } from './refusal-body.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { type Happening, Trace, type TraceEntry } from './trace.ts';

export interface FaultProxyOptions {
  /** The API server that requests are passed on to. */
  readonly upstream: Pick<Connection, 'server' | 'certificateAuthority'>;
}

/** One request while the proxy holds it. */
interface Exchange {
  readonly id: number;
  readonly asked: ApiRequest;
  readonly request: Http2ServerRequest;
  readonly body: Buffer;
  readonly outlet: Outlet;
}

/**
 * Stands between an operator and a real API server and plays faults: requests lost before or after they took effect, delayed,
 * refused; watches cut, stalled, expired; connections frozen; the server away.
 *
 * It ends TLS and passes the operator's own token on, so permissions and the audit log stay true. It speaks HTTP/2 and
 * HTTP/1.1, whatever the client prefers. Identity by client certificate cannot be passed on. Everything that passes is in
 * `trace`, without bodies.
 *
 * @example
 * ```ts
 * await using proxy = await FaultProxy.start({ upstream: connection });
 * const fault = proxy.inject({ on: { verb: 'patch', resource: 'configmaps' }, fault: { do: 'loseResponse' } });
 * const client = createClient(proxy.connection(connection));
 * ```
 */
export class FaultProxy implements AsyncDisposable {
  readonly #upstream: FaultProxyOptions['upstream'];
  readonly #certificate: { readonly cert: string; readonly key: string };
  readonly #agent: Agent;
  readonly #server: Http2SecureServer;
  readonly #trace = new Trace();
  readonly #watches = new Set<OpenWatch>();
  readonly #sessions = new Set<{ destroy(): void }>();
  #faults: readonly ArmedFault[] = [];
  #link: TcpProxy | undefined;
  #requests = 0;
  #isAway = false;

  private constructor(
    upstream: FaultProxyOptions['upstream'],
    ca: string | undefined,
    certificate: { readonly cert: string; readonly key: string },
  ) {
    this.#upstream = upstream;
    this.#certificate = certificate;
    this.#agent = new Agent({ keepAlive: true, ...(ca !== undefined && { ca }) });
    this.#server = createSecureServer(
      { ...certificate, allowHTTP1: true },
      (request, response) => void this.#take(request, response),
    );
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('error', () => undefined);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  /** Starts a proxy on a free port of 127.0.0.1. */
  static async start({ upstream }: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream, await upstream.certificateAuthority(), await proxyCertificate());
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    // A server that listens on TCP has an address of this form.
    const { port } = proxy.#server.address() as AddressInfo;
    proxy.#link = await TcpProxy.start(`https://127.0.0.1:${port}`);
    return proxy;
  }

  /** The connections themselves, to be reset (`cut`), refused (`block`) or frozen (`freeze`). */
  get link(): TcpProxy {
    if (this.#link === undefined) throw new Error('the proxy has not been started');
    return this.#link;
  }

  /** `https://127.0.0.1:PORT`. */
  get url(): string {
    return this.link.url;
  }

  /** PEM: what a client has to trust. */
  get certificateAuthority(): string {
    return this.#certificate.cert;
  }

  /** Everything that passed, oldest first; the newest 100,000 entries. */
  get trace(): readonly TraceEntry[] {
    return this.#trace.entries;
  }

  /** The same identity, by way of this proxy. It must have a token. */
  connection(direct: Connection): Connection {
    const { tlsServerName: _, proxyUrl: __, ...rest } = direct;
    return { ...rest, server: this.url, certificateAuthority: async () => this.#certificate.cert };
  }

  /**
   * Arms a fault. A watch fault strikes watches that are open already, too.
   *
   * @throws {Error} for a fault of watches whose rule is not `on: { verb: 'watch' }`
   */
  inject(rule: FaultRule): ArmedFault {
    const armed = new ArmedFault(rule);
    this.#faults = [...this.#faults, armed];
    if (isWatchFault(rule.fault))
      for (const watch of this.#watches) if (armed.strikes(watch.asked)) watch.strike(armed);
    return armed;
  }

  /** Lifts every fault and ends an outage. */
  calm(): void {
    for (const armed of this.#faults) armed.lift();
    this.#faults = [];
    this.#isAway = false;
    this.link.unblock();
  }

  /** The server is away: every connection is reset, and new ones are refused, until {@link FaultProxy.calm} or the end of what is returned. */
  outage(): Disposable {
    this.#isAway = true;
    this.link.block();
    return {
      [Symbol.dispose]: () => {
        this.#isAway = false;
        this.link.unblock();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const armed of this.#faults) armed.lift();
    await this.#link?.[Symbol.asyncDispose]();
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
    this.#agent.destroy();
  }

  async #take(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    this.#requests += 1;
    const id = this.#requests;
    const asked = apiRequestOf(request.method, request.url);
    const { httpVersion, headers } = request;
    this.#record(id, { what: 'request', asked, userAgent: headers['user-agent'] ?? '', httpVersion });
    const outlet = new Outlet(response);
    try {
      const body = await bodyOf(request);
      await this.#handle({ id, asked, request, body, outlet });
    } catch {
      // Either side broke off; the other one is to see the same.
      outlet.cut();
    } finally {
      this.#record(id, { what: 'end' });
    }
  }

  async #handle(exchange: Exchange): Promise<void> {
    const { id, asked, request, outlet } = exchange;
    if (this.#isAway) {
      this.#record(id, { what: 'fault', fault: 'outage' });
      return outlet.cut();
    }
    if (request.headers.authorization === undefined)
      return refuse(outlet, 401, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code: 401,
        reason: 'Unauthorized',
        message: 'the fault proxy passes tokens on, not client certificates',
      });
    const armed = this.#faults.find((each) => !isWatchFault(each.rule.fault) && each.strikes(asked));
    if (armed === undefined) return this.#passOn(exchange);
    this.#record(id, { what: 'fault', fault: armed.rule.fault.do });
    // Watch faults were left out above.
    await this.#play(armed.rule.fault as RequestFault, armed, exchange);
  }

  async #play(fault: RequestFault, armed: ArmedFault, exchange: Exchange): Promise<void> {
    const { id, asked, outlet } = exchange;
    switch (fault.do) {
      case 'drop':
        return outlet.cut();
      case 'delay':
        await delayed(fault.ms, AbortSignal.any([armed.lifted, outlet.gone]));
        return this.#passOn(exchange);
      case 'answer': {
        this.#record(id, { what: 'answer', status: fault.status, forwarded: false });
        return refuse(outlet, fault.status, refusalBody(fault, asked), fault.retryAfterSeconds);
      }
      case 'loseResponse': {
        for await (const _ of await this.#send(exchange));
        this.#record(id, { what: 'answer', forwarded: true });
        return outlet.cut();
      }
    }
  }

  async #passOn(exchange: Exchange): Promise<void> {
    const { id, asked, outlet } = exchange;
    if (outlet.gone.aborted) return;
    const answer = await this.#send(exchange);
    const status = answer.statusCode ?? 502;
    this.#record(id, { what: 'answer', status, forwarded: true });
    outlet.begin(status, answer.headers);
    if (asked.verb === 'watch' && status === 200) return this.#passWatchOn(exchange, answer);
    for await (const chunk of answer) await outlet.write(chunk);
    outlet.end();
  }

  async #passWatchOn({ id, asked, outlet }: Exchange, answer: IncomingMessage): Promise<void> {
    const watch = new OpenWatch(asked, outlet, (happening) => this.#record(id, happening));
    this.#watches.add(watch);
    for (const armed of this.#faults) if (isWatchFault(armed.rule.fault) && armed.strikes(asked)) watch.strike(armed);
    answer.on('data', (chunk: Buffer) => watch.push(chunk));
    answer.once('end', () => watch.complete());
    // The server broke off: the client is to see just that.
    answer.once('error', () => outlet.cut());
    await watch.run().finally(() => this.#watches.delete(watch));
  }

  /** Sends a request to the server; resolves with the head of the answer. It ends when the client goes away. */
  async #send({ asked, request, body, outlet }: Exchange): Promise<IncomingMessage> {
    const { 'accept-encoding': _, ...headers } = endToEnd(request.headers);
    const upstream = httpsRequest(new URL(request.url, this.#upstream.server), {
      agent: this.#agent,
      method: request.method,
      headers: {
        ...headers,
        host: new URL(this.#upstream.server).host,
        ...(body.length > 0 && { 'content-length': body.length }),
      },
    });
    // A write whose client has gone still reaches the server, as in a cluster; a read or a watch ends with its reader.
    if (['get', 'list', 'watch'].includes(asked.verb))
      outlet.gone.addEventListener('abort', () => upstream.destroy(), { once: true });
    upstream.end(body);
    const [answer]: IncomingMessage[] = await once(upstream, 'response');
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  #record(request: number, happening: Happening): void {
    this.#trace.record(request, happening);
  }
}

async function bodyOf(request: Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function refuse(outlet: Outlet, status: number, body: object, retryAfterSeconds?: number): void {
  const after = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  outlet.begin(status, { 'content-type': 'application/json', ...after });
  outlet.end(JSON.stringify(body));
}

/** Resolves after `ms`, or at once when the signal aborts. */
function delayed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const early = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) early();
    else signal.addEventListener('abort', early, { once: true });
  });
}
