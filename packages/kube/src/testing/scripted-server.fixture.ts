import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Connection, Credentials } from '../connection.ts';
import { servingPair } from './serving-certificate.fixture.ts';

/** One request as it reached the scripted server. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly stream: ServerHttp2Stream;
  /** Which session it came over, from 0. */
  readonly session: number;
}

/** Answers the n-th request (from 1). */
export type Script = (request: Received, count: number) => unknown;

/**
 * A server on loopback that speaks HTTP/2 over TLS and nothing of Kubernetes: it plays one fault of the network or the
 * server which a real API server cannot be made to produce on demand. The client under test and its sockets are real.
 */
export class ScriptedServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly sessions: ServerHttp2Session[] = [];
  readonly #server: Http2SecureServer;

  private constructor(script: Script, pair: { cert: string; key: string }) {
    this.#server = createSecureServer({ ...pair, settings: { maxConcurrentStreams: 100 } });
    this.#server.on('session', (session) => {
      this.sessions.push(session);
      session.on('error', () => undefined);
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const session = this.sessions.findIndex((known) => Object.is(known, stream.session));
      const request = { method: headers[':method'] ?? '', path: headers[':path'] ?? '', headers, stream, session };
      this.received.push(request);
      script(request, this.received.length);
    });
  }

  static async start(script: Script, pair = servingPair): Promise<ScriptedServer> {
    const server = new ScriptedServer(script, pair);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    // A server that listens on TCP has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.#server.close();
  }
}

/** The whole body of a request, parsed. */
export async function bodyOf(request: Received): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request.stream) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** The whole of an answer, as JSON. */
export function answer(request: Received, status: number, body: unknown, headers: Record<string, string> = {}): void {
  request.stream.respond({ ':status': status, 'content-type': 'application/json', ...headers });
  request.stream.end(JSON.stringify(body));
}

/** A refusal, as the API server words it. */
export function refuse(
  request: Received,
  status: number,
  reason: string,
  headers: Record<string, string> = {},
  details: object = {},
): void {
  answer(
    request,
    status,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message: `no: ${reason}`, details },
    headers,
  );
}

/** Ends the stream with an HTTP/2 error code, such as `NGHTTP2_REFUSED_STREAM`. */
export function reset(request: Received, code: keyof typeof constants): void {
  request.stream.close(Number(constants[code]));
}

/** How a test reaches a server of its own; trusts its certificate and sends no credentials, unless told. */
export function connectionTo(
  server: string,
  overrides: Partial<Connection> & { readonly current?: () => Promise<Credentials> } = {},
): Connection {
  const { current = async () => ({ headers: {} }), ...rest } = overrides;
  return {
    server,
    certificateAuthority: async () => servingPair.cert,
    insecureSkipTlsVerify: false,
    namespace: 'default',
    credentials: { current, renew: async () => false },
    ...rest,
  };
}
