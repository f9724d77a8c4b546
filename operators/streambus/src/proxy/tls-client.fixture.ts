import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { KeyedCertificate } from '@capstan/pki';
import { podAddress } from './haproxy.fixture.ts';

interface Dialled {
  readonly port: number;
  /** PEM of the authority of the server. */
  readonly authority: string;
  readonly as?: KeyedCertificate;
  readonly more?: ConnectionOptions;
}

function dial({ port, authority, as, more }: Dialled): TLSSocket {
  return connect({
    ...{ host: podAddress, port, ca: authority },
    // What is looked at is who signed the server's certificate, not its name.
    checkServerIdentity: () => undefined,
    ...(as !== undefined && { cert: as.certificate, key: as.privateKey }),
    ...more,
  });
}

/** A connection through the proxy that has been echoed once, and so is there from end to end. */
export class EchoedConnection {
  readonly #socket: TLSSocket;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  /** @throws when the connection is refused */
  static async open(options: Dialled): Promise<EchoedConnection> {
    const connection = new EchoedConnection(dial(options));
    await connection.echo('ping');
    return connection;
  }

  /** Sends a text and waits until it has come back whole. */
  async echo(text: string | Uint8Array): Promise<void> {
    const socket = this.#socket;
    const expected = Buffer.from(text);
    const back = new Promise<void>((resolve, reject) => {
      let missing = expected.length;
      const settle = (act: () => void) => {
        socket.off('data', count).off('error', fail).off('close', fail);
        act();
      };
      const count = (chunk: Buffer) => {
        missing -= chunk.length;
        if (missing <= 0) settle(resolve);
      };
      const fail = (error?: unknown) => settle(() => reject(error instanceof Error ? error : new Error('closed')));
      socket.on('data', count).on('error', fail).on('close', fail);
    });
    socket.write(expected);
    await back;
  }

  get serverSerial(): string {
    return this.#socket.getPeerCertificate().serialNumber;
  }

  get protocol(): string | null {
    return this.#socket.getProtocol();
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }
}

/**
 * How a connection is refused: the alert, by the code of its error, or `closed`. Sends nothing, so that an alert always
 * arrives. Never resolves for a connection that is accepted.
 */
export function refusalOf(options: Dialled): Promise<string> {
  return new Promise((resolve) => {
    const socket = dial(options);
    socket.resume();
    socket.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      resolve(code.includes('ALERT') ? code : 'closed');
    });
    socket.once('close', () => resolve('closed'));
  });
}
