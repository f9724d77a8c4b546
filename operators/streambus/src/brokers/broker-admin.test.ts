import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BrokerStandIns } from '@capstan/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokerAddress, brokerAdmin } from './broker-admin.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A broker on loopback that answers as it is told. */
async function brokerThat(answer: RequestListener): Promise<BrokerAddress> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { pod: 'orders-0', uid: 'u', ip: '127.0.0.1', host: 'orders-0.orders-headless.shop.svc', httpPort: port };
}

const question = { method: 'GET', path: '/api/v1/cluster' } as const;

describe('a question to a broker', () => {
  it('is answered with its status and its JSON', async () => {
    const broker = await brokerThat((_, response) => response.end('{"controller_id": 1}'));
    expect(await brokerAdmin().ask(broker, question)).toEqual({ status: 200, body: { controller_id: 1 } });
  });

  it('is answered with a status alone where the body is plain text', async () => {
    const broker = await brokerThat((_, response) => response.writeHead(404).end('404 page not found'));
    expect(await brokerAdmin().ask(broker, question)).toEqual({ status: 404, body: undefined });
  });

  it('carries what it says as JSON', async () => {
    const broker = await brokerThat(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      const { method, url, headers } = request;
      response.end(
        JSON.stringify({ method, url, type: headers['content-type'], length: headers['content-length'], text }),
      );
    });
    const call = { method: 'POST', path: '/api/v1/tenants', body: { id: 'zoë' } } as const;
    expect((await brokerAdmin().ask(broker, call)).body).toEqual({
      ...{ method: 'POST', url: '/api/v1/tenants', type: 'application/json', length: '13', text: '{"id":"zoë"}' },
    });
  });

  it('goes over the connection of the one before', async () => {
    const ports = new Set<number | undefined>();
    const broker = await brokerThat((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    const admin = brokerAdmin();
    for (let count = 0; count < 3; count += 1) await admin.ask(broker, question);
    expect(ports.size).toBe(1);
  });

  it('ends in time when the broker takes it and never answers', async () => {
    const broker = await brokerThat(() => {});
    await expect(brokerAdmin({ timeoutMs: 20 }).ask(broker, question)).rejects.toThrow('no answer within 20 ms');
  });

  it('ends in time when the broker stops in the middle of its answer', async () => {
    const broker = await brokerThat((_, response) => response.write('{"controller'));
    await expect(brokerAdmin({ timeoutMs: 50 }).ask(broker, question)).rejects.toThrow('no answer within 50 ms');
  });

  it('ends with the pass that asked it', async () => {
    const ending = new AbortController();
    const broker = await brokerThat(() => ending.abort(new Error('the pass is over')));
    await expect(brokerAdmin().ask(broker, question, ending.signal)).rejects.toThrow();
  });

  it('fails at once where nothing listens, and where the connection ends without an answer', async () => {
    const empty = await brokerThat((request) => request.socket.end());
    await expect(brokerAdmin().ask(empty, question)).rejects.toThrow('socket hang up');
    await expect(brokerAdmin().ask({ ...empty, httpPort: 1 }, question)).rejects.toThrow('ECONNREFUSED');
  });

  it('takes no answer of more than a mebibyte', async () => {
    const broker = await brokerThat((_, response) => response.end('x'.repeat(1_048_577)));
    await expect(brokerAdmin().ask(broker, question)).rejects.toThrow('the answer is longer than 1 MiB');
  });
});

describe('a question through a proxy', () => {
  it('names the broker as the DNS of its cluster does', async () => {
    await using brokers = await BrokerStandIns.start();
    brokers.cluster('shop', 'orders').leaderIs(2);
    const admin = brokerAdmin({ proxy: new URL(brokers.url) });
    const controllers = await Promise.all(
      [0, 1, 2].map(async (ordinal) => {
        const host = `orders-${ordinal}.orders-headless.shop.svc`;
        const broker = { pod: `orders-${ordinal}`, uid: 'u', ip: '192.0.2.1', host, httpPort: 8081 };
        const { body } = await admin.ask(broker, question);
        return typeof body === 'object' && body !== null && 'controller_id' in body ? body.controller_id : undefined;
      }),
    );
    expect(controllers).toEqual([0, 0, 3]);
  });
});
