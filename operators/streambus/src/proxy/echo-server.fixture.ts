import { createServer, type Server, type Socket } from 'node:net';

/** Stands for a broker: listens on 127.0.0.1 and sends back what it gets. */
export class EchoServer {
  #server: Server | undefined;
  readonly #open = new Set<Socket>();

  /** Listens on a port, any that is free unless told, and gives it. */
  async start(port = 0): Promise<number> {
    const server = createServer((socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has an address with a port');
    return address.port;
  }

  /** Ends as a process does that is killed: nobody listens, and no connection is left. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#open) socket.destroy();
    if (this.#server !== undefined) await closed;
    this.#server = undefined;
  }
}
