import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback whose connections can be cut and frozen; what flows through it stays encrypted and real. For
 * faults of the network as a whole; {@link FaultProxy} knows requests.
 *
 * @example
 * ```ts
 * await using proxy = await TcpProxy.start(connection.server);
 * const client = createClient({ ...connection, server: proxy.url });
 * proxy.cut();
 * ```
 */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  #accepted = 0;
  #blocked = false;
  readonly #frozen = new Set<unknown>();

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      this.#accepted += 1;
      if (this.#blocked) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(Number(target.port), target.hostname);
      const pair = { near, far };
      this.#pairs.add(pair);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (chunk) => {
          if (!this.#frozen.has(pair)) to.write(chunk);
        });
        from.on('error', () => undefined);
        from.on('close', () => {
          to.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }

  /** @param target URL of the server to pass on to; only its host and port count */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    // A server that listens on TCP has an address of this form.
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections taken so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resets every connection (RST), as a load balancer does that forgot them. */
  cut(): void {
    for (const { near } of this.#pairs) near.resetAndDestroy();
  }

  /** Resets every connection, and each new one at once, until `unblock`. */
  block(): void {
    this.#blocked = true;
    this.cut();
  }

  unblock(): void {
    this.#blocked = false;
  }

  /** Nothing passes any more over the connections there are, and nothing is closed: a cable pulled out. New ones work. */
  freeze(): void {
    for (const pair of this.#pairs) this.#frozen.add(pair);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
  }
}
