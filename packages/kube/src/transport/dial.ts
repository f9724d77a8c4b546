import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, connect as tlsConnect } from 'node:tls';
import { TransportError } from '../api-error.ts';

/** Where a connection goes, and through what. */
export interface DialTarget {
  readonly server: URL;
  readonly proxy: URL | undefined;
  /** Absent for a server without TLS. */
  readonly tls: TlsTarget | undefined;
}

interface TlsTarget {
  readonly context: SecureContext;
  readonly serverName: string | undefined;
  readonly insecure: boolean;
}

/** A connection that is ready to carry HTTP, and the protocol the server chose for it. */
export interface Dialled {
  readonly socket: Duplex;
  readonly protocol: 'h2' | 'http/1.1';
}

const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * Opens one connection: TCP, the proxy's CONNECT where there is a proxy, TLS where the server speaks it.
 * Rejects with a TransportError that names the server and the cause; `signal` bounds all of it together.
 */
export async function dial(
  target: DialTarget,
  protocols: readonly Dialled['protocol'][],
  signal: AbortSignal,
): Promise<Dialled> {
  try {
    const raw =
      target.proxy === undefined ? await tcp(target.server, signal) : await tunnel(target, target.proxy, signal);
    if (target.tls === undefined) return { socket: raw, protocol: 'http/1.1' };
    return await secure(raw, target.server, target.tls, protocols, signal);
  } catch (cause) {
    throw new TransportError(
      `cannot connect to ${target.server.origin}${via(target.proxy)}: ${reasonOf(cause, signal)}`,
      {
        cause,
        maySent: false,
      },
    );
  }
}

function via(proxy: URL | undefined): string {
  return proxy === undefined ? '' : ` through the proxy ${proxy.origin}`;
}

function reasonOf(cause: unknown, signal: AbortSignal): string {
  const error = signal.aborted ? signal.reason : cause;
  // Several addresses were tried (an AggregateError has no message of its own): the first says enough.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}

function tcp(url: URL, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = netConnect({ host: hostOf(url), port: portOf(url), noDelay: true });
    const settle = settleOn(socket, signal, reject);
    socket.once('connect', () => {
      settle();
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      resolve(socket);
    });
  });
}

function secure(
  socket: Duplex,
  server: URL,
  tls: TlsTarget,
  protocols: readonly Dialled['protocol'][],
  signal: AbortSignal,
): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const host = hostOf(server);
    const serverName = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
    const secured = tlsConnect({
      socket,
      host,
      secureContext: tls.context,
      rejectUnauthorized: !tls.insecure,
      ALPNProtocols: [...protocols],
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    const settle = settleOn(secured, signal, reject);
    secured.once('secureConnect', () => {
      settle();
      resolve({ socket: secured, protocol: secured.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' });
    });
  });
}

/** Asks the proxy for a way to the server (CONNECT). */
function tunnel(target: DialTarget, proxy: URL, signal: AbortSignal): Promise<Duplex> {
  const send = proxySender(proxy);
  const authority = `${target.server.hostname}:${portOf(target.server)}`;
  return new Promise((resolve, reject) => {
    const request = send({
      host: hostOf(proxy),
      port: portOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      signal,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      request.destroy();
      reject(new Error(`the proxy answered ${response.statusCode ?? 'nothing'} to CONNECT`));
    });
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy refused to connect (${response.statusCode ?? 'no status'})`));
    });
    request.end();
  });
}

function proxySender(proxy: URL): typeof httpRequest {
  if (proxy.protocol === 'http:') return httpRequest;
  if (proxy.protocol === 'https:') return httpsRequest;
  throw new Error(`${proxy.protocol}// proxies are not supported; use an http:// or https:// proxy (CONNECT)`);
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Rejects when the socket fails, closes or takes too long before it is ready; the returned function ends the watch. */
function settleOn(socket: Duplex, signal: AbortSignal, reject: (cause: unknown) => void): () => void {
  const fail = (cause: unknown) => {
    settle();
    // A late error of a socket nobody waits for any more must not end the process.
    socket.on('error', () => undefined);
    socket.destroy();
    reject(cause);
  };
  const onAbort = () => fail(signal.reason);
  const onClose = () => fail(new Error('the connection was closed before it was ready'));
  const settle = () => {
    socket.off('error', fail);
    socket.off('close', onClose);
    signal.removeEventListener('abort', onAbort);
  };
  socket.once('error', fail);
  socket.once('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return settle;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}
