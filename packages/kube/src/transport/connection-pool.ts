import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { TransportError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import type { Connection, Credentials } from '../connection.ts';
import type { CallScope } from './call-scope.ts';
import { type Dialled, type DialTarget, dial } from './dial.ts';
import type { HttpChannel, HttpRequest, HttpResponse } from './http-exchange.ts';
import { Http1Channel } from './http1-channel.ts';
import { Http2Channel } from './http2-channel.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectionPoolOptions {
  readonly clock: Clock;
  /** TCP, proxy and TLS together; 10,000 unless told. */
  readonly connectTimeoutMs?: number | undefined;
}

/** What a TLS connection is bound to for its whole life. */
interface Identity {
  readonly certificateAuthority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/**
 * The connections to one server. Requests share one HTTP/2 session until it is full, then open a further one.
 * When the CA or the client certificate rotates, new requests take new connections and old ones finish where they are.
 */
export class ConnectionPool {
  readonly #connection: Connection;
  readonly #server: URL;
  readonly #proxy: URL | undefined;
  readonly #clock: Clock;
  readonly #connectTimeoutMs: number;
  readonly #ended = new AbortController();
  #identity: Identity | undefined;
  #target: DialTarget | undefined;
  #channels: HttpChannel[] = [];
  #retired = new Set<HttpChannel>();
  #dialling: Promise<void> | undefined;

  constructor(connection: Connection, options: ConnectionPoolOptions) {
    this.#connection = connection;
    this.#server = new URL(connection.server);
    this.#proxy = connection.proxyUrl === undefined ? undefined : new URL(connection.proxyUrl);
    this.#clock = options.clock;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  }

  /** Sends a request where there is room for it, over a new connection if need be; resolves with the head of the answer. */
  async send(request: HttpRequest, credentials: Credentials, scope: CallScope): Promise<HttpResponse> {
    await this.#refreshIdentity(credentials);
    for (;;) {
      this.#refuseWhenClosed();
      // Chosen and used without a pause between, so that callers who wake together do not all count the same room.
      const free = this.#channels.find((channel) => channel.hasRoom);
      if (free !== undefined) return free.send(request, scope.signal);
      this.#dialling ??= this.#addChannel().finally(() => {
        this.#dialling = undefined;
      });
      await scope.wait(this.#dialling);
    }
  }

  close(): void {
    this.#ended.abort(new Error('the client was closed'));
    for (const channel of [...this.#channels, ...this.#retired]) channel.destroy();
  }

  #refuseWhenClosed(): void {
    if (this.#ended.signal.aborted) throw new TransportError('the client was closed', { maySent: false });
  }

  async #refreshIdentity(credentials: Credentials): Promise<void> {
    const identity: Identity = {
      certificateAuthority: await this.#connection.certificateAuthority(),
      certificate: credentials.clientCertificate?.cert,
      key: credentials.clientCertificate?.key,
    };
    if (this.#identity !== undefined && sameIdentity(identity, this.#identity)) return;
    this.#target = this.#targetFor(identity);
    this.#identity = identity;
    for (const channel of this.#channels.splice(0)) this.#retire(channel);
  }

  #targetFor(identity: Identity): DialTarget {
    const target = { server: this.#server, proxy: this.#proxy };
    if (this.#server.protocol === 'http:') return { ...target, tls: undefined };
    const context = this.#secureContext({
      ...(identity.certificateAuthority === undefined ? {} : { ca: identity.certificateAuthority }),
      ...(identity.certificate === undefined ? {} : { cert: identity.certificate }),
      ...(identity.key === undefined ? {} : { key: identity.key }),
      minVersion: 'TLSv1.2',
    });
    const { tlsServerName, insecureSkipTlsVerify } = this.#connection;
    return { ...target, tls: { context, serverName: tlsServerName, insecure: insecureSkipTlsVerify } };
  }

  #secureContext(options: SecureContextOptions): SecureContext {
    try {
      return createSecureContext(options);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      const message = `cannot connect to ${this.#server.origin}: the CA or the client certificate is not usable: ${detail}`;
      throw new TransportError(message, { cause, maySent: false });
    }
  }

  async #addChannel(): Promise<void> {
    const target = this.#target;
    if (target === undefined) return;
    const { socket, protocol } = await this.#dial(target, ['h2', 'http/1.1']);
    if (this.#ended.signal.aborted || this.#target !== target) {
      // Closed, or the identity rotated while this connection was being made.
      socket.destroy();
      return;
    }
    this.#channels.push(protocol === 'h2' ? this.#http2(socket) : this.#http1(socket, target));
  }

  #http2(socket: Duplex): HttpChannel {
    const channel: HttpChannel = new Http2Channel(socket, {
      authority: this.#server,
      clock: this.#clock,
      mayClose: () => this.#channels.filter((other) => !other.isClosed).length > 1,
      onClosed: () => this.#forget(channel),
    });
    return channel;
  }

  #http1(first: Duplex, target: DialTarget): HttpChannel {
    let ready: Duplex | undefined = first;
    const next = async () => {
      const socket = ready ?? (await this.#dial(target, ['http/1.1'])).socket;
      ready = undefined;
      return socket;
    };
    const channel: HttpChannel = new Http1Channel(this.#server, next, () => this.#forget(channel));
    return channel;
  }

  async #dial(target: DialTarget, protocols: readonly Dialled['protocol'][]): Promise<Dialled> {
    const limit = new AbortController();
    const timer = this.#clock.setTimeout(
      () => limit.abort(new Error(`not connected within ${this.#connectTimeoutMs} ms`)),
      this.#connectTimeoutMs,
    );
    try {
      return await dial(target, protocols, AbortSignal.any([limit.signal, this.#ended.signal]));
    } finally {
      timer.cancel();
    }
  }

  #retire(channel: HttpChannel): void {
    this.#retired.add(channel);
    channel.retire();
  }

  #forget(channel: HttpChannel): void {
    this.#channels = this.#channels.filter((other) => other !== channel);
    this.#retired.delete(channel);
  }
}

function sameIdentity(a: Identity, b: Identity): boolean {
  return a.certificateAuthority === b.certificateAuthority && a.certificate === b.certificate && a.key === b.key;
}
