import { connect } from 'node:net';
import { type Clock, TransportError } from '@capstan/kube';
import { type Millis, millis } from '@capstan/runtime';

/** Where something listens. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

/** Opens and closes a connection; resolves with how long it took to be taken. */
export type Knock = (at: Address, timeout: Millis, stop: AbortSignal) => Promise<Millis>;

/**
 * Knocks by TCP.
 * @throws {TransportError} when nobody takes the connection in time
 */
export function tcpKnock(clock: Clock): Knock {
  return ({ address, port }, timeout, stop) => {
    const startedAt = clock.monotonic();
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port });
      const end = (settle: () => void) => {
        timer.cancel();
        stop.removeEventListener('abort', onStop);
        socket.destroy();
        settle();
      };
      const fail = (why: string, cause?: unknown) =>
        end(() => reject(new TransportError(`${address}:${port}: ${why}`, { maySent: false, cause })));
      const onStop = () => fail('not waited for any more');
      const timer = clock.setTimeout(() => fail(`no answer within ${timeout} ms`), timeout);
      stop.addEventListener('abort', onStop, { once: true });
      socket.once('connect', () => end(() => resolve(millis(clock.monotonic() - startedAt))));
      socket.on('error', (error) => fail('cannot be connected to', error));
    });
  };
}
