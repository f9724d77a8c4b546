import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { TransportError } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { tcpKnock } from './knock.ts';

const never = new AbortController().signal;
const address = '127.0.0.1';

async function somebody(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { port, close: () => server.close() };
}

describe('knocking', () => {
  it('tells how long it took, and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const { port, close } = await somebody();
    expect(await tcpKnock(clock)({ address, port }, seconds(1), never)).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    close();
  });

  it('fails where nobody listens, and when it is not waited for', async () => {
    const clock = new FakeClock();
    const { port, close } = await somebody();
    const stop = new AbortController();
    const abandoned = tcpKnock(clock)({ address, port }, seconds(1), stop.signal);
    stop.abort();
    await expect(abandoned).rejects.toThrow('not waited for');
    close();
    await expect(tcpKnock(clock)({ address, port }, seconds(1), never)).rejects.toBeInstanceOf(TransportError);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails when it takes too long', async () => {
    const clock = new FakeClock();
    // 192.0.2.0/24 is for documentation: nobody is there.
    const knocking = tcpKnock(clock)({ address: '192.0.2.1', port: 9 }, seconds(2), never);
    const failed = expect(knocking).rejects.toBeInstanceOf(TransportError);
    await clock.advance(2_000);
    await failed;
  });
});
