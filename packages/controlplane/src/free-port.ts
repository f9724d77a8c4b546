import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ControlPlaneError, systemErrorCode } from './control-plane-error.ts';

/*
 * Below the ports that Linux (32768 and up) and macOS (49152 and up) hand to outgoing connections. Otherwise a client
 * that redials a stopped API server could be given the very port it dials, connect to itself, and keep the server out.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/** Whether nobody listens on this TCP port of 127.0.0.1 at this moment. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen({ port, host: '127.0.0.1' }, resolve),
    );
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * Picks a port of 127.0.0.1 that is free now, at random, so that instances starting together rarely pick the same.
 * Whoever then fails to bind it asks again. Throws `PortInUse` when a hundred tries find none.
 */
export async function pickPort(random: (lowest: number, above: number) => number = randomInt): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = random(LOWEST, HIGHEST);
    if (await isPortFree(port)) return port;
  }
  throw new ControlPlaneError(
    'PortInUse',
    `no free port found between ${LOWEST} and ${HIGHEST} on 127.0.0.1: stop what listens there, or name a port`,
  );
}
