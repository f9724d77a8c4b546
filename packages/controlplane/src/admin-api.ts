import { Agent, request } from 'node:https';
import type { KeyedCertificate } from '@capstan/pki';

/** The answer to one request: the status, and the parsed body (the text itself when it is no JSON). */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How a request's body is to be understood by the API server. */
export type AdminContentType = 'application/json' | 'application/apply-patch+yaml';

/**
 * The few requests that bring a control plane up, sent as its administrator.
 *
 * Kept apart from `@capstan/kube` on purpose: the tests of that client stand on this package, and a fault in the client
 * must not look like a control plane that does not start.
 */
export interface AdminApi {
  /** Sends one request. Rejects when no answer came within `timeoutMs` (5,000 unless told). */
  send(method: string, path: string, options?: AdminRequest): Promise<AdminAnswer>;
  /** Creates the object or makes it as given, by server-side apply. Rejects when the server refuses. */
  apply(path: string, object: object): Promise<void>;
  close(): void;
}

/** A body with its type, and a limit in milliseconds. */
export interface AdminRequest {
  readonly body?: object;
  readonly contentType?: AdminContentType;
  readonly timeoutMs?: number;
}

/** Where the API server is, whom to trust, and who asks. */
export interface AdminConnection {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly identity: KeyedCertificate;
}

/** Opens the administrator's way in. No connection is made before the first request. */
export function openAdminApi(connection: AdminConnection): AdminApi {
  const agent = new Agent({
    keepAlive: true,
    ca: connection.certificateAuthority,
    cert: connection.identity.certificate,
    key: connection.identity.privateKey,
  });
  const send = (method: string, path: string, options: AdminRequest = {}): Promise<AdminAnswer> =>
    exchange(agent, new URL(path, connection.server), method, options);
  return {
    send,
    async apply(path, object) {
      const answer = await send('PATCH', `${path}?fieldManager=capstan-control-plane&force=true`, {
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
      if (answer.status >= 300) throw new Error(`apply ${path}: ${describeRefusal(answer)}`);
    },
    close: () => agent.destroy(),
  };
}

/** The server's own words for a refusal (`metav1.Status`), or its status code. */
export function describeRefusal(answer: AdminAnswer): string {
  const message =
    isRecord(answer.body) && typeof answer.body['message'] === 'string' ? answer.body['message'] : 'no message';
  return `HTTP ${answer.status}: ${message}`;
}

/** Narrows a parsed JSON value to an object with string keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function exchange(agent: Agent, url: URL, method: string, options: AdminRequest): Promise<AdminAnswer> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method, headers, signal: AbortSignal.timeout(options.timeoutMs ?? 5_000) },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (part: string) => {
          text += part;
        });
        reply.once('error', reject);
        reply.once('end', () => resolve({ status: reply.statusCode ?? 0, body: parse(text) }));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
