import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';

/** Where one broker's administration API is. */
export interface BrokerAddress {
  readonly pod: string;
  readonly uid: string;
  readonly ip: string;
  /** Its name in the cluster's DNS; what a proxy is asked for. */
  readonly host: string;
  readonly httpPort: number;
}

/** An answer of a broker: its status, and its body where that is JSON. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks brokers over HTTP. The only door to a running pod. */
export interface BrokerAdmin {
  /** @throws {Error} in one sentence, when there is no answer in time or none that is JSON */
  ask(broker: BrokerAddress, call: AdminCall, signal?: AbortSignal): Promise<AdminAnswer>;
}

/** One request of the administration API. */
export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Such as `/api/v1/cluster`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface BrokerAdminOptions {
  /** An HTTP proxy that is asked instead, by the brokers' DNS names: for an operator outside the cluster. */
  readonly proxy?: URL;
  /** How long an answer may take, in ms; 2,000 unless told. */
  readonly timeoutMs?: number;
}

/** More than this is no answer to anything asked here. */
const longestAnswer = 1_048_576;

/** Asks brokers at the addresses of their pods, or by name through a proxy. Connections are kept for the next question. */
export function brokerAdmin({ proxy, timeoutMs = 2_000 }: BrokerAdminOptions = {}): BrokerAdmin {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 60_000 });
  return {
    async ask(broker, { method, path, body }, signal) {
      const limit = AbortSignal.timeout(timeoutMs);
      const signals = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const target = proxy === undefined ? directly(broker, path) : through(proxy, broker, path);
      const headers =
        text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      try {
        return await exchange(
          { ...target, method, agent, signal: signals, headers: { ...target.headers, ...headers } },
          text,
        );
      } catch (error) {
        if (limit.aborted) throw new Error(`no answer within ${timeoutMs} ms`);
        throw error;
      }
    },
  };
}

type Target = Pick<ClientRequestArgs, 'host' | 'port' | 'path'> & {
  readonly headers: Readonly<Record<string, string>>;
};

function directly({ ip, httpPort }: BrokerAddress, path: string): Target {
  return { host: ip, port: httpPort, path, headers: {} };
}

/** The absolute form, as RFC 9112 3.2.2 has it for proxies. */
function through(proxy: URL, { host, httpPort }: BrokerAddress, path: string): Target {
  const authority = `${host}:${httpPort}`;
  const headers = { host: authority };
  return { host: proxy.hostname, port: proxy.port || 80, path: `http://${authority}${path}`, headers };
}

function exchange(options: ClientRequestArgs, body: string | undefined): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      answerOf(incoming).then(resolve, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<AdminAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestAnswer) throw new Error('the answer is longer than 1 MiB');
  }
  return { status: incoming.statusCode ?? 0, body: jsonOf(Buffer.concat(chunks).toString()) };
}

/** A 404 of the broker is plain text; whoever needs a body checks its shape anyway. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
