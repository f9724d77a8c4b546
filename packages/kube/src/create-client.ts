import type { KubeClient } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Connection } from './connection.ts';
import { RestClient } from './rest-client.ts';
import { type CallObservation, Transport } from './transport/transport.ts';

export interface ClientOptions {
  /** Names the program in the API server's logs and audit; `capstan` unless told. */
  readonly userAgent?: string;
  readonly clock?: Clock;
  /** A number in [0, 1), for jitter; `Math.random` unless told. */
  readonly random?: () => number;
  /** Milliseconds for TCP, proxy and TLS together; 10,000 unless told. */
  readonly connectTimeoutMs?: number;
  /** Ask for gzip on lists: worth its CPU only over slow links. Watches are never compressed by the server. */
  readonly compressLists?: boolean;
  /**
   * Further headers of each request, such as a trace's; called before it is sent, in the async context of the caller.
   * Never for secrets: what authenticates comes from the connection.
   */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Called once per call, however it ended. */
  readonly onCall?: (observation: CallObservation) => void;
  /** Called with each warning of the API server, such as a deprecated version; `request` is `METHOD /path`. */
  readonly onWarning?: (text: string, request: string) => void;
}

/**
 * A client for one API server as one identity. Nothing is connected before the first call.
 *
 * All calls of a client share its HTTP/2 sessions. Traffic that must not wait behind other traffic, such as the renewal
 * of a leader-election lease, gets a client of its own: each `createClient` opens sessions of its own.
 *
 * @example
 * ```ts
 * const connection = await loadKubeConfig();
 * const client = createClient(connection, { userAgent: 'streambus-operator' });
 * const settings = await client.get(ConfigMap, { namespace: 'default', name: 'settings' });
 * ```
 */
export function createClient(connection: Connection, options: ClientOptions = {}): KubeClient {
  const clock = options.clock ?? systemClock;
  const transport = new Transport(connection, {
    clock,
    userAgent: options.userAgent ?? 'capstan',
    random: options.random ?? Math.random,
    connectTimeoutMs: options.connectTimeoutMs,
    headers: options.headers,
    onCall: options.onCall,
    onWarning: options.onWarning,
  });
  return new RestClient(transport, {
    namespace: connection.namespace,
    clock,
    compressLists: options.compressLists ?? false,
  });
}
