import { type ApiError, TransportError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import type { Connection, Credentials } from '../connection.ts';
import { type Refusal, refusalFrom } from '../status.ts';
import { CallScope } from './call-scope.ts';
import { ConnectionPool, type ConnectionPoolOptions } from './connection-pool.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';
import { readText } from './read-body.ts';
import { type Repeatable, retryDelayMs, type Setback } from './retry-policy.ts';

/** What one call came to, for metrics. Never holds a body or a query. */
export interface CallObservation {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** The last status; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** When it began, on the client's monotonic clock. */
  readonly startedAt: number;
  /** To the end of the body; to the head of the answer for a watch. */
  readonly durationMs: number;
  /** Requests sent in all: 1 when nothing was repeated. */
  readonly attempts: number;
  /** What each request sent before the last one came to, in order; empty when nothing was repeated. */
  readonly setbacks: readonly (number | undefined)[];
}

interface TransportOptions extends ConnectionPoolOptions {
  readonly userAgent: string;
  readonly random: () => number;
  /** Further headers of the request about to be sent; asked for each, in the async context of the caller. */
  readonly headers?: (() => Readonly<Record<string, string>>) | undefined;
  readonly onCall?: ((observation: CallObservation) => void) | undefined;
  /** Called with each `Warning` the server attaches to an answer: deprecated versions, unknown fields under `Warn`. */
  readonly onWarning?: ((text: string, request: string) => void) | undefined;
}

/** One request to the API, with what the transport may do about its failure. */
export interface ApiCall {
  readonly method: HttpRequest['method'];
  /** Below the server's own path; starts with `/`. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  readonly accept: string;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
  readonly gzip?: boolean | undefined;
  readonly repeatable: Repeatable;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Called right before each request leaves; what it throws ends the call unsent, and is thrown as it is. */
  readonly beforeSend?: (() => void) | undefined;
}

/** A whole answer. */
export interface Answer {
  readonly text: string;
  readonly contentType: string;
}

/** The head of an answer whose body is still coming. `release` must be called when it is not read any more. */
interface OpenAnswer {
  readonly response: HttpResponse;
  readonly scope: CallScope;
  release(): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Sends calls to one API server: authenticates them, repeats them where that is safe, and turns refusals into errors.
 * Every failure is an ApiError or a TransportError.
 */
export class Transport {
  readonly #connection: Connection;
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #pool: ConnectionPool;
  readonly #basePath: string;

  constructor(connection: Connection, options: TransportOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#clock = options.clock;
    this.#pool = new ConnectionPool(connection, options);
    this.#basePath = new URL(connection.server).pathname.replace(/\/+$/, '');
  }

  /** Sends a call and reads its whole answer; {@link Refusal} when the server says no. */
  async call(call: ApiCall): Promise<Answer | Refusal> {
    const scope = new CallScope(this.#clock, nameOf(call), call.timeoutMs ?? DEFAULT_TIMEOUT_MS, call.signal);
    try {
      return await this.#observed(call, scope, async (response) => ({
        text: await readText(response, nameOf(call)),
        contentType: response.headers['content-type'] ?? '',
      }));
    } finally {
      scope.end();
    }
  }

  /**
   * Sends a call and resolves with the head of its answer. The time limit ends there; the caller's signal does not.
   * Nothing is repeated but a 401 whose credentials could be renewed: whoever reads a stream decides about its next one.
   */
  async open(call: ApiCall): Promise<OpenAnswer | Refusal> {
    const scope = new CallScope(this.#clock, nameOf(call), call.timeoutMs ?? DEFAULT_TIMEOUT_MS, call.signal);
    let opened = false;
    try {
      const answer = await this.#observed(call, scope, async (response): Promise<OpenAnswer> => {
        if (call.timeoutMs === undefined) scope.lift();
        const release = () => {
          scope.end();
          response.cancel();
        };
        return { response, scope, release };
      });
      opened = !('error' in answer);
      return answer;
    } finally {
      if (!opened) scope.end();
    }
  }

  close(): void {
    this.#pool.close();
  }

  async #observed<T>(
    call: ApiCall,
    scope: CallScope,
    read: (response: HttpResponse) => Promise<T>,
  ): Promise<T | Refusal> {
    const startedAt = this.#clock.monotonic();
    const seen: Progress = { status: undefined, attempts: 0, setbacks: [] };
    try {
      return await this.#attempts(call, scope, seen, read);
    } catch (failure) {
      throw scope.explain(failure);
    } finally {
      this.#options.onCall?.({
        method: call.method,
        path: call.path,
        ...seen,
        startedAt,
        durationMs: this.#clock.monotonic() - startedAt,
      });
    }
  }

  async #attempts<T>(
    call: ApiCall,
    scope: CallScope,
    seen: Progress,
    read: (response: HttpResponse) => Promise<T>,
  ): Promise<T | Refusal> {
    let renewed = false;
    for (;;) {
      seen.attempts += 1;
      if (seen.attempts > 1) seen.setbacks.push(seen.status);
      const outcome = await this.#attempt(call, scope, seen, read);
      if ('value' in outcome) return outcome.value;
      if (!renewed && seen.status === 401 && (await this.#renewCredentials(scope))) {
        renewed = true;
        continue;
      }
      const delay = retryDelayMs(outcome.setback, seen.attempts, call.repeatable, this.#options.random);
      if (delay === undefined || delay >= scope.remainingMs) return outcome.giveUp();
      await this.#clock.sleep(delay, scope.signal);
    }
  }

  async #attempt<T>(
    call: ApiCall,
    scope: CallScope,
    seen: Progress,
    read: (response: HttpResponse) => Promise<T>,
  ): Promise<Outcome<T>> {
    seen.status = undefined;
    try {
      const response = await this.#send(call, scope);
      seen.status = response.status;
      this.#passWarningsOn(call, response);
      if (response.status < 300) return { value: await read(response) };
      const refusal = refusalFrom(response, await readText(response, nameOf(call)), nameOf(call));
      return { setback: setbackOf(refusal.error), giveUp: () => refusal };
    } catch (failure) {
      if (!(failure instanceof TransportError) || scope.signal.aborted) throw failure;
      const giveUp = () => {
        throw failure;
      };
      return { setback: { kind: 'lost', maySent: failure.maySent }, giveUp };
    }
  }

  async #send(call: ApiCall, scope: CallScope): Promise<HttpResponse> {
    const credentials = await this.#credentials(call, scope);
    const query = call.query?.toString() ?? '';
    const request: HttpRequest = {
      method: call.method,
      path: `${this.#basePath}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        accept: call.accept,
        'user-agent': this.#options.userAgent,
        ...this.#options.headers?.(),
        ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
        ...(call.gzip === true ? { 'accept-encoding': 'gzip' } : {}),
        ...credentials.headers,
      },
      body: call.body,
      beforeSend: call.beforeSend,
    };
    return this.#pool.send(request, credentials, scope);
  }

  async #credentials(call: ApiCall, scope: CallScope): Promise<Credentials> {
    try {
      return await scope.wait(this.#connection.credentials.current());
    } catch (cause) {
      if (scope.signal.aborted) throw cause;
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new TransportError(`${nameOf(call)}: no credentials to send: ${detail}`, { cause, maySent: false });
    }
  }

  /** Whether there is something new to try. A source that fails to renew says why when it is next asked. */
  async #renewCredentials(scope: CallScope): Promise<boolean> {
    try {
      return await scope.wait(this.#connection.credentials.renew());
    } catch (cause) {
      if (scope.signal.aborted) throw cause;
      return false;
    }
  }

  #passWarningsOn(call: ApiCall, response: HttpResponse): void {
    const header = response.headers['warning'];
    if (header === undefined || this.#options.onWarning === undefined) return;
    // RFC 7234 5.5: 299 - "text", several of them separated by commas.
    for (const [, text] of String(header).matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
      if (text !== undefined) this.#options.onWarning(text.replace(/\\(.)/g, '$1'), nameOf(call));
    }
  }
}

interface Progress {
  status: number | undefined;
  attempts: number;
  readonly setbacks: (number | undefined)[];
}

type Outcome<T> = { readonly value: T } | { readonly setback: Setback; readonly giveUp: () => Refusal };

function setbackOf(error: ApiError): Setback {
  return { kind: 'answered', status: error.status, retryAfterSeconds: error.retryAfterSeconds };
}

function nameOf(call: ApiCall): string {
  return `${call.method} ${call.path}`;
}
