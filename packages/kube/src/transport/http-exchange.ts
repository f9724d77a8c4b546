import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** One HTTP request as the transport sends it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the server, with its query. */
  readonly path: string;
  /** Lower-case names; a list is sent as one line per value. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | undefined;
  /** Called when a connection stands and nothing is written yet; what it throws ends the request unsent. */
  readonly beforeSend?: (() => void) | undefined;
}

/** The head of an answer, and its body still on the way. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** True when the body broke off before its end: what was read is not the whole. */
  interrupted(): boolean;
  /** Gives the answer up; the server is told to stop sending. */
  cancel(): void;
}

/** Something that carries requests: an HTTP/2 session, or a set of HTTP/1.1 sockets. */
export interface HttpChannel {
  /** Whether one more request may go this way now. */
  readonly hasRoom: boolean;
  /** Ends for good: nothing can be sent any more. */
  readonly isClosed: boolean;
  /** Sends a request; resolves with the head of the answer. Rejects with a TransportError, also when `signal` aborts. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Takes no further request, lets those under way finish, then closes. */
  retire(): void;
  /** Breaks everything under way. */
  destroy(): void;
}
