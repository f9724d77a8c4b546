import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of loopback that is free now, for programs that cannot tell which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
