import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { TransportError } from '../api-error.ts';
import type { Clock, Timer } from '../clock.ts';
import type { HttpChannel, HttpRequest, HttpResponse } from './http-exchange.ts';

/** Above this many open streams a further session is opened; API servers allow 100 and queue silently beyond. */
const STREAMS_PER_SESSION = 80;
/** Node's own 64 KB windows cost about half again as much CPU on large lists. */
const STREAM_WINDOW_BYTES = 8 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 32 * 1024 * 1024;
/** Node resets streams once a session buffers more than this; it must hold several full stream windows. */
const SESSION_MEMORY_MB = 256;
const PING_EVERY_MS = 30_000;
const PING_TIMEOUT_MS = 15_000;

interface Http2ChannelOptions {
  readonly authority: URL;
  readonly clock: Clock;
  /** Asked at each PING whether the session may go, having had nothing to do since the last one. */
  readonly mayClose: () => boolean;
  readonly onClosed: () => void;
}

/** One HTTP/2 session. A PING every 30 s, unanswered for 15 s, breaks it, so that nothing waits on a dead connection. */
export class Http2Channel implements HttpChannel {
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #options: Http2ChannelOptions;
  #streams = 0;
  #usedSincePing = true;
  #retired = false;
  #timer: Timer | undefined;

  constructor(socket: Duplex, options: Http2ChannelOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#session = connect(options.authority, {
      createConnection: () => socket,
      settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
      maxSessionMemory: SESSION_MEMORY_MB,
    });
    this.#session.once('connect', () => this.#widen());
    // Streams report the failure to whoever waits; without a listener it would end the process.
    this.#session.on('error', () => undefined);
    this.#session.once('goaway', () => this.retire());
    this.#session.once('close', () => this.#closed());
    this.#session.unref();
    this.#schedulePing();
  }

  get isClosed(): boolean {
    return this.#retired || this.#session.closed || this.#session.destroyed;
  }

  get hasRoom(): boolean {
    const allowed = this.#session.remoteSettings?.maxConcurrentStreams ?? STREAMS_PER_SESSION;
    return !this.isClosed && this.#streams < Math.min(allowed, STREAMS_PER_SESSION);
  }

  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      request.beforeSend?.();
      const stream = this.#open(request, signal, reject);
      if (stream === undefined) return;
      let answered = false;
      const fail = (cause?: Error) => {
        // After the head, whoever reads the body sees how it ends.
        if (!answered) reject(failureOf(request, stream, cause, signal));
      };
      stream.once('response', (headers) => {
        answered = true;
        resolve(responseOf(stream, headers));
      });
      stream.on('error', fail);
      stream.once('close', fail);
      if (request.body !== undefined) stream.end(request.body);
    });
  }

  retire(): void {
    this.#retired = true;
    this.#session.close();
  }

  destroy(): void {
    this.#retired = true;
    this.#session.destroy();
  }

  #open(request: HttpRequest, signal: AbortSignal, reject: (error: unknown) => void): ClientHttp2Stream | undefined {
    let stream: ClientHttp2Stream;
    try {
      const pseudo = { ':method': request.method, ':path': request.path };
      stream = this.#session.request({ ...pseudo, ...request.headers }, { endStream: request.body === undefined });
    } catch (cause) {
      // The session went away between being chosen and being used.
      reject(new TransportError(`${nameOf(request)}: the session is closed`, { cause, maySent: false }));
      return undefined;
    }
    const onAbort = () => cancel(stream);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#started();
    stream.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      this.#finished();
    });
    if (signal.aborted) onAbort();
    return stream;
  }

  #started(): void {
    this.#usedSincePing = true;
    this.#streams += 1;
    if (this.#streams === 1) this.#session.ref();
  }

  /** An idle session does not keep the process alive. */
  #finished(): void {
    this.#streams -= 1;
    if (this.#streams === 0 && !this.#session.destroyed) this.#session.unref();
  }

  #widen(): void {
    // One that was destroyed while it connected says that it is connected all the same.
    if (!this.#session.destroyed) this.#session.setLocalWindowSize(SESSION_WINDOW_BYTES);
  }

  #schedulePing(): void {
    this.#timer = this.#clock.setTimeout(() => this.#ping(), PING_EVERY_MS);
    this.#timer.unref?.();
  }

  #ping(): void {
    // It tells of its end in a later turn, and a PING would throw here, where nobody waits for it.
    if (this.#session.destroyed) return;
    const idle = this.#streams === 0 && !this.#usedSincePing;
    if (idle && this.#options.mayClose()) {
      this.retire();
      return;
    }
    this.#usedSincePing = false;
    let answered = false;
    const late = this.#clock.setTimeout(() => {
      // An answer may be waiting behind whatever kept this process busy: read the socket once more, then judge.
      setImmediate(() => {
        if (!answered) this.#session.destroy(new Error(`no answer to PING within ${PING_TIMEOUT_MS} ms`));
      });
    }, PING_TIMEOUT_MS);
    this.#timer = late;
    late.unref?.();
    this.#session.ping((error) => {
      answered = true;
      late.cancel();
      if (error === null && !this.#session.destroyed) this.#schedulePing();
    });
  }

  #closed(): void {
    this.#retired = true;
    this.#timer?.cancel();
    this.#options.onClosed();
  }
}

function cancel(stream: ClientHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
}

function responseOf(stream: ClientHttp2Stream, headers: IncomingHttpHeaders & IncomingHttpStatusHeader): HttpResponse {
  return {
    status: headers[':status'] ?? 0,
    headers,
    body: stream,
    interrupted: () => stream.aborted || (stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR,
    cancel: () => cancel(stream),
  };
}

function failureOf(
  request: HttpRequest,
  stream: ClientHttp2Stream,
  cause: Error | undefined,
  signal: AbortSignal,
): TransportError {
  // REFUSED_STREAM, also after GOAWAY, is the server's word that it did nothing (RFC 9113, 8.7). No id: never sent.
  const maySent = stream.id !== undefined && stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM;
  const reason = signal.aborted ? 'given up' : (cause?.message ?? 'the connection was closed before an answer came');
  return new TransportError(`${nameOf(request)}: ${reason}`, { cause, maySent });
}

function nameOf(request: HttpRequest): string {
  return `${request.method} ${request.path.split('?', 1)[0]}`;
}
