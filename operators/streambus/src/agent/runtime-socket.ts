import { createConnection } from 'node:net';

/** How commands get to HAProxy. */
export interface RuntimeSocket {
  /** Sends commands, separated by `;`, with at most 16 kB in all, and gives everything HAProxy says to them. */
  ask(commands: string): Promise<string>;
}

/** What HAProxy takes in one go, commands and contents together. */
export const mostBytesAtOnce = 15_000;

const answerMs = 5000;

/** The socket at a path. Asking fails when nobody listens there, or does not answer within 5 seconds. */
export function runtimeSocket(path: string): RuntimeSocket {
  return { ask: (commands) => ask(path, commands) };
}

function ask(path: string, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let reply = '';
    socket.setEncoding('utf8');
    socket.setTimeout(answerMs, () => socket.destroy(new Error(`HAProxy did not answer within ${answerMs} ms`)));
    socket.on('data', (chunk) => {
      reply += chunk;
    });
    socket.once('error', reject);
    socket.once('end', () => resolve(reply));
    socket.once('connect', () => socket.end(`${commands}\n`));
  });
}
