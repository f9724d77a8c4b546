import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports below those that Linux (32768 and up) and macOS (49152 and up) hand to outgoing connections. */
const RANGE = { lowest: 20_000, above: 32_000 };

/**
 * Picks different TCP ports of 127.0.0.1 that are free now, at random, so that instances that start together rarely meet.
 * @throws {Error} when nearly every port is taken
 */
export async function freePorts(count: number, random: () => number = Math.random): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 100 * count) throw new Error(`no ${count} free ports between ${RANGE.lowest} and ${RANGE.above}`);
    const port = RANGE.lowest + Math.floor(random() * (RANGE.above - RANGE.lowest));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen({ port, host: '127.0.0.1' }), 'listening');
    return true;
  } catch {
    // In use, or not ours to use: the next one will do.
    return false;
  } finally {
    server.close();
  }
}
