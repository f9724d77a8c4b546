import { isIP } from 'node:net';
import type { PolicyRule } from '@capstan/kube';
import type { ManagerContext, Runnable } from '../runnable.ts';
import { debugReconciles } from './debug-reconciles.ts';
import { debugLogLevel } from './log-level.ts';
import { openMetricsType, textType, wantsOpenMetrics } from './metrics/exposition.ts';
import { OperatorMetrics, type OperatorMetricsOptions } from './metrics/operator-metrics.ts';
import { PassHistory, type PassHistoryOptions } from './pass-history.ts';
import { TokenAuthentication } from './serving/authentication.ts';
import { isLoopback } from './serving/bind-address.ts';
import { HttpRefusal, type HttpReply, type HttpRequest, ObservingServer } from './serving/http-server.ts';
import { certificateSource, type TlsOptions } from './serving/serving-certificate.ts';

export interface MetricsServerOptions extends OperatorMetricsOptions {
  /** `:8080`, `127.0.0.1:0`, `[::1]:8080`; port 0 takes a free one. */
  readonly bindAddress: string;
  /** Who may ask: anybody unless told. With `token-review` bearer tokens are checked by the API server, for every path. */
  readonly authentication?: 'token-review' | undefined;
  /** Serves HTTPS: with files that somebody else renews, or with a certificate made at start. HTTP unless told. */
  readonly tls?: TlsOptions | undefined;
  /** How much is remembered for `capstan explain`. */
  readonly history?: PassHistoryOptions;
  /** Told once it listens. */
  readonly onListening?: (url: string) => void;
}

/** A server of metrics at work: where it can be reached. */
export interface ListeningRunnable extends Runnable {
  /** `undefined` before the start and after the end. */
  readonly url: string | undefined;
}

/** What somebody needs who scrapes an operator with authentication: a rule for its ClusterRole. */
export const metricsReaderRules: readonly PolicyRule[] = [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }];

/** What somebody needs who asks an operator with authentication why it did what it did. */
export const debugReaderRules: readonly PolicyRule[] = [{ nonResourceURLs: ['/debug/*'], verbs: ['get', 'put'] }];

/**
 * Serves `GET /metrics` (text or OpenMetrics, as asked), and under `/debug/` the last passes of each object and the level of
 * the log. What is under `/debug/` names objects: without authentication it is told only to peers on the same machine, such
 * as `kubectl port-forward`.
 *
 * @example
 * ```ts
 * new Manager({ ...options, beside: [metricsServer({ bindAddress: ':8080', authentication: 'token-review' })] });
 * ```
 */
export function metricsServer(options: MetricsServerOptions): (context: ManagerContext) => ListeningRunnable {
  return (context) => new MetricsServer(options, context);
}

class MetricsServer implements ListeningRunnable {
  readonly name = 'metrics';
  readonly #options: MetricsServerOptions;
  readonly #context: ManagerContext;
  readonly #server: ObservingServer;
  readonly #history: PassHistory;
  readonly #authentication: TokenAuthentication | undefined;
  #metrics: OperatorMetrics | undefined;
  #forget: (() => void) | undefined;

  constructor(options: MetricsServerOptions, context: ManagerContext) {
    const { client, clock, log } = context;
    const { bindAddress, authentication, tls, history } = options;
    this.#options = options;
    this.#context = context;
    this.#history = new PassHistory(history);
    this.#authentication = authentication === 'token-review' ? new TokenAuthentication(client, clock) : undefined;
    this.#server = new ObservingServer({
      ...{ name: this.name, bindAddress, log, handler: (request) => this.#answer(request) },
      certificate: tls === undefined ? undefined : certificateSource(tls, { clock, log }),
    });
  }

  get url(): string | undefined {
    return this.#server.url;
  }

  async start(): Promise<void> {
    this.#metrics = await OperatorMetrics.open(this.#context, this.#options);
    this.#forget = this.#context.passes.subscribe((pass) => this.#history.record(pass));
    await this.#server.start();
    if (this.url !== undefined) this.#options.onListening?.(this.url);
  }

  async stop(): Promise<void> {
    this.#forget?.();
    await this.#server.stop();
    this.#metrics?.close();
  }

  async #answer(request: HttpRequest): Promise<HttpReply> {
    await this.#authentication?.check(request);
    const { path, method } = request;
    if (path === '/debug/log-level' && (method === 'PUT' || isRead(method))) {
      this.#allowDebug(request);
      return debugLogLevel(request, this.#context.log);
    }
    if (!isRead(method)) throw new HttpRefusal(405, `${method} is not done here`, { allow: 'GET, HEAD' });
    if (path === '/metrics') return this.#exposition(request);
    if (path === '/debug/reconciles' || path.startsWith('/debug/reconciles/')) {
      this.#allowDebug(request);
      return debugReconciles(
        path,
        this.#history,
        this.#context.runners.map(({ kind }) => kind),
      );
    }
    throw new HttpRefusal(404, 'there are /metrics, /debug/reconciles and /debug/log-level');
  }

  async #exposition({ headers: { accept } }: HttpRequest): Promise<HttpReply> {
    if (this.#metrics === undefined) throw new HttpRefusal(503, 'stopping');
    const isOpen = wantsOpenMetrics(String(accept ?? ''));
    const body = await this.#metrics.text(isOpen ? 'openmetrics' : 'text');
    return { status: 200, contentType: isOpen ? openMetricsType : textType, body };
  }

  /** @throws {HttpRefusal} 403 for a stranger who was not asked who they are */
  #allowDebug(request: HttpRequest): void {
    if (this.#authentication !== undefined || (isLoopback(request.remoteAddress) && asksForItself(request))) return;
    throw new HttpRefusal(
      403,
      'without authentication this is told only to peers on the same machine: use kubectl port-forward, or start the operator with --metrics-secure',
    );
  }
}

/** What a proxy adds that asks for somebody else. */
const traces = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-client-cert'];

/**
 * Whether a peer on this machine asks for itself: it is no proxy, and no page in a browser that has given this address a
 * name of its own (DNS rebinding).
 */
function asksForItself({ headers }: HttpRequest): boolean {
  const host = String(headers['host'] ?? '').replace(/:\d+$/, '');
  const isPlain = host === 'localhost' || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  return isPlain && traces.every((name) => headers[name] === undefined);
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
