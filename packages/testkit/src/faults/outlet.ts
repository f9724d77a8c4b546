import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, type Http2ServerResponse } from 'node:http2';

/** Headers that belong to one connection and mean nothing on the next (RFC 9110 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/** What of a message's headers is passed on. */
export function endToEnd<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !name.startsWith(':')));
}

/** The way back to the client of one request, over HTTP/2 or HTTP/1.1. */
export class Outlet {
  readonly #response: ServerResponse | Http2ServerResponse;
  readonly #gone = new AbortController();

  constructor(response: ServerResponse | Http2ServerResponse) {
    this.#response = response;
    response.on('error', () => undefined);
    response.once('close', () => this.#gone.abort());
  }

  /** Aborts when nothing can be sent any more, whoever ended it. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  begin(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (this.gone.aborted) return;
    const response = this.#response;
    for (const [name, value] of Object.entries(endToEnd(headers)))
      if (value !== undefined) response.setHeader(name, value);
    response.statusCode = status;
    // The head of a watch must not wait for its first line.
    if (isHttp2(response)) response.writeHead(status);
    else response.flushHeaders();
  }

  /** Resolves when there is room for more, or nobody left to read it. */
  async write(chunk: Buffer): Promise<void> {
    if (this.gone.aborted || this.#write(chunk)) return;
    // The two classes type their events by overloads that do not unite; both are plain emitters.
    const emitter: EventEmitter = this.#response;
    await new Promise<void>((resolve) => {
      emitter.once('drain', resolve);
      this.gone.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  end(body = ''): void {
    if (!this.gone.aborted) this.#response.end(body);
  }

  /** Breaks the exchange off: a reset of its stream over HTTP/2, the end of its connection over HTTP/1.1. */
  cut(): void {
    if (this.gone.aborted) return;
    if (isHttp2(this.#response)) this.#response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else this.#response.socket?.destroy();
  }

  #write(chunk: Buffer): boolean {
    // The two classes type the same method by overloads that do not unite.
    return isHttp2(this.#response) ? this.#response.write(chunk) : this.#response.write(chunk);
  }
}

function isHttp2(response: ServerResponse | Http2ServerResponse): response is Http2ServerResponse {
  return 'stream' in response;
}
