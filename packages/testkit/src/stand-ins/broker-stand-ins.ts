import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrokerAnswer, brokerAnswer } from './broker-api.ts';
import { type BrokerTarget, brokerTargetOf } from './broker-target.ts';
import { ClusterStandIn } from './cluster-stand-in.ts';
import { sumByKey } from './sum-by-key.ts';

/**
 * Answers for StreamBus brokers where pods have no process, as under kwok: a forward HTTP proxy on loopback that answers
 * for every broker itself, by namespace and name of the pod. Requests come in absolute form, such as
 * `GET http://bus-0.bus-headless.shop.svc:8081/api/v1/cluster`; the port does not count.
 *
 * Unless told, every broker answers and the one with ordinal 0 leads.
 *
 * @example
 * ```ts
 * await using brokers = await BrokerStandIns.start();
 * const bus = brokers.cluster('shop', 'bus').leaderIs(1);
 * bus.pod(2).is('hanging');
 * expect(bus.asked).toEqual({ 'GET /api/v1/cluster': 3 });
 * ```
 */
export class BrokerStandIns implements AsyncDisposable {
  readonly #server: Server;
  readonly #clusters = new Map<string, ClusterStandIn>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  static async start(): Promise<BrokerStandIns> {
    const standIns = new BrokerStandIns();
    standIns.#server.listen(0, '127.0.0.1');
    await once(standIns.#server, 'listening');
    return standIns;
  }

  /** Where the proxy listens, such as `http://127.0.0.1:40000`. */
  get url(): string {
    // A server that listens on TCP has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The brokers of one cluster; they need not exist. */
  cluster(namespace: string, name: string): ClusterStandIn {
    const key = `${namespace}/${name}`;
    const known = this.#clusters.get(key);
    if (known !== undefined) return known;
    const made = new ClusterStandIn();
    this.#clusters.set(key, made);
    return made;
  }

  /** How often each thing was asked of all brokers, by method and path, such as `GET /api/v1/cluster`. */
  get asked(): Readonly<Record<string, number>> {
    return sumByKey([...this.#clusters.values()].map(({ asked }) => asked));
  }

  /** Ends the proxy and every connection to it, also those that hang. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = URL.parse(request.url ?? '');
      const target = brokerTargetOf(url?.hostname ?? '');
      if (url === null || target === undefined) send(response, unknownHost(request.url ?? ''));
      else await this.#answer(target, url.pathname, request, response);
    } catch {
      // The client went away in the middle of its request.
      request.destroy();
    }
  }

  async #answer(
    { namespace, cluster: name, ordinal }: BrokerTarget,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const cluster = this.cluster(namespace, name);
    const pod = cluster.pod(ordinal);
    const { method = 'GET' } = request;
    pod.note(`${method} ${path}`);
    if (pod.behaviour === 'hanging') return;
    if (pod.behaviour === 'refusing') return void request.socket.resetAndDestroy();
    const body = await textOf(request);
    send(response, brokerAnswer({ cluster, pod }, { method, path, body }));
  }
}

function unknownHost(url: string): BrokerAnswer {
  return {
    status: 502,
    text: `"${url}" names no broker: http://<pod>.<cluster>-headless.<namespace>.svc:<port>/<path>`,
  };
}

function send(response: ServerResponse, answer: BrokerAnswer): void {
  if (answer === 'empty') {
    response.socket?.end();
    return;
  }
  const isJson = 'json' in answer;
  const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
  response.writeHead(answer.status, { 'content-type': type });
  response.end(isJson ? `${JSON.stringify(answer.json)}\n` : answer.text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
