import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { BrokerStandIns } from './broker-stand-ins.ts';
import type { ClusterStandIn } from './cluster-stand-in.ts';

let standIns: BrokerStandIns;
let bus: ClusterStandIn;

beforeEach(async () => {
  standIns = await BrokerStandIns.start();
  bus = standIns.cluster('shop', 'bus');
});

afterEach(() => standIns[Symbol.asyncDispose]());

interface Asked {
  readonly ordinal: number;
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
  readonly cluster?: string;
}

interface Answered {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** Sends a request through the proxy, on a connection of its own. */
function sent({ ordinal, path, method = 'GET', body, cluster = 'bus' }: Asked): ClientRequest {
  const { hostname, port } = new URL(standIns.url);
  const absolute = `http://${cluster}-${ordinal}.${cluster}-headless.shop.svc:8081${path}`;
  const request = httpRequest({ hostname, port, method, path: absolute, agent: false });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  return request;
}

async function answerTo(asked: Asked): Promise<Answered> {
  const [response]: IncomingMessage[] = await once(sent(asked), 'response');
  if (response === undefined) throw new Error('no answer');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, type: response.headers['content-type'], text };
}

async function jsonOf(asked: Asked) {
  const { status, text } = await answerTo(asked);
  return { status, json: JSON.parse(text) };
}

/** The `controller_id` that each of three brokers tells. */
async function controllers(): Promise<readonly number[]> {
  const answers = await Promise.all([0, 1, 2].map((ordinal) => jsonOf({ ordinal, path: '/api/v1/cluster' })));
  return answers.map(({ json }) => json.controller_id);
}

describe('brokers of a cluster of which nothing was said', () => {
  it('tell that the first one leads, in the form of the real broker', async () => {
    expect(await jsonOf({ ordinal: 0, path: '/api/v1/cluster' })).toEqual({
      status: 200,
      json: {
        cluster_id: 'streambus-cluster-1',
        controller_id: 1,
        version: '1.0.0',
        total_brokers: 1,
        active_brokers: 1,
        total_topics: 0,
        total_partitions: 0,
        uptime: expect.stringMatching(/^\d+\.\d+s$/),
      },
    });
    expect((await jsonOf({ ordinal: 1, path: '/api/v1/cluster' })).json).toMatchObject({
      cluster_id: 'streambus-cluster-0',
      controller_id: 0,
    });
  });

  it('are alive, and have no tenant API and nothing at other paths', async () => {
    const paths = ['/health/live', '/api/v1/tenants', '/api/v1/tenants/a', '/nowhere'];
    const answers = await Promise.all(paths.map((path) => answerTo({ ordinal: 0, path })));
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404]);
    expect(answers[1]).toMatchObject({ type: 'text/plain; charset=utf-8', text: '404 page not found' });
  });

  it('refuse methods that a path does not have', async () => {
    bus.hasTenantApi();
    const asked = [
      ['DELETE', '/api/v1/cluster'],
      ['DELETE', '/api/v1/topics'],
      ['DELETE', '/api/v1/tenants'],
      ['POST', '/api/v1/tenants/a'],
    ] as const;
    for (const [method, path] of asked) expect((await answerTo({ ordinal: 0, method, path })).status).toBe(405);
  });
});

describe('who leads', () => {
  it('is who was said to', async () => {
    bus.leaderIs(2);
    expect(await controllers()).toEqual([0, 0, 3]);
  });

  it('is nobody', async () => {
    bus.hasNoLeader();
    expect(await controllers()).toEqual([0, 0, 0]);
  });

  it('is two of them', async () => {
    bus.hasTwoLeaders();
    expect(await controllers()).toEqual([1, 2, 0]);
    bus.hasTwoLeaders(1, 2);
    expect(await controllers()).toEqual([0, 2, 3]);
  });

  it('is another one in another cluster', async () => {
    standIns.cluster('shop', 'other').leaderIs(1);
    const { json } = await jsonOf({ cluster: 'other', ordinal: 1, path: '/api/v1/cluster' });
    expect([json.controller_id, await controllers()]).toEqual([2, [1, 0, 0]]);
  });

  it('does not change when a healthy leader restarts', async () => {
    bus.pod(0).restarted();
    expect(await controllers()).toEqual([1, 0, 0]);
  });
});

describe('a wedged leader', () => {
  beforeEach(() => void bus.isWedged({ leader: 1, stuck: 2 }));

  it('goes on leading, while the pod that cannot join answers nothing about its cluster', async () => {
    expect((await jsonOf({ ordinal: 1, path: '/api/v1/cluster' })).json.controller_id).toBe(2);
    await expect(answerTo({ ordinal: 2, path: '/api/v1/cluster' })).rejects.toThrow('socket hang up');
    expect((await answerTo({ ordinal: 2, path: '/api/v1/topics' })).status).toBe(503);
    expect((await answerTo({ ordinal: 2, path: '/health/live' })).status).toBe(200);
  });

  it('answers 201 for topics and loses them', async () => {
    const body = { name: 'orders' };
    expect((await answerTo({ ordinal: 1, path: '/api/v1/topics', method: 'POST', body })).status).toBe(201);
    expect((await jsonOf({ ordinal: 1, path: '/api/v1/topics' })).json).toEqual([]);
  });

  it('stays so when others restart, and is cured by its own restart', async () => {
    bus.pod(0).restarted();
    bus.pod(2).restarted();
    await expect(answerTo({ ordinal: 2, path: '/api/v1/cluster' })).rejects.toThrow('socket hang up');
    bus.pod(1).restarted();
    expect(await controllers()).toEqual([1, 0, 0]);
  });
});

describe('a broker that does not answer', () => {
  it('resets the connection while it refuses', async () => {
    bus.pod(1).is('refusing');
    await expect(answerTo({ ordinal: 1, path: '/health/live' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await answerTo({ ordinal: 0, path: '/health/live' })).status).toBe(200);
  });

  it('ends the connection without a byte while it panics', async () => {
    bus.pod(0).is('panicking');
    const { hostname, port } = new URL(standIns.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET http://bus-0.bus-headless.shop.svc:8081/api/v1/cluster HTTP/1.1\r\nHost: bus-0\r\n\r\n');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await once(socket, 'end');
    expect(received).toBe('');
  });

  it('takes the request while it hangs, and answers the next one once it answers again', async () => {
    bus.pod(1).is('hanging');
    const hanging = sent({ ordinal: 1, path: '/health/live' });
    let ended = false;
    const end = once(hanging, 'error').then(() => (ended = true));
    await eventually(() => expect(bus.pod(1).asked).toEqual({ 'GET /health/live': 1 }));
    bus.pod(1).is('answering');
    expect((await answerTo({ ordinal: 1, path: '/health/live' })).status).toBe(200);
    expect(ended).toBe(false);
    hanging.destroy(new Error('enough'));
    await end;
  });

  it('does not keep the proxy from ending', async () => {
    bus.pod(1).is('hanging');
    const other = await BrokerStandIns.start();
    other.cluster('shop', 'bus').pod(0).is('hanging');
    const { hostname, port } = new URL(other.url);
    const path = 'http://bus-0.bus-headless.shop.svc:8081/health/live';
    const hanging = httpRequest({ hostname, port, path, agent: false }).end();
    const broken = once(hanging, 'error');
    await eventually(() => expect(other.asked).toEqual({ 'GET /health/live': 1 }));
    await other[Symbol.asyncDispose]();
    await expect(broken).resolves.toMatchObject([{ code: 'ECONNRESET' }]);
  });
});

describe('topics', () => {
  const orders = { name: 'orders', num_partitions: 3, replication_factor: 1 };
  const create = (body: object, ordinal = 0) => answerTo({ ordinal, path: '/api/v1/topics', method: 'POST', body });

  it('are known to every broker of the cluster and to no other cluster', async () => {
    expect(await create(orders, 2)).toMatchObject({ status: 201, text: `${JSON.stringify(orders)}\n` });
    expect((await jsonOf({ ordinal: 1, path: '/api/v1/topics' })).json).toEqual([orders]);
    expect((await jsonOf({ cluster: 'other', ordinal: 0, path: '/api/v1/topics' })).json).toEqual([]);
    const { json } = await jsonOf({ ordinal: 1, path: '/api/v1/cluster' });
    expect(json).toMatchObject({ total_topics: 1, total_partitions: 3 });
  });

  it('have one partition and one replica unless told', async () => {
    const { text } = await create({ name: 'plain', num_partitions: 0 });
    expect(JSON.parse(text)).toEqual({ name: 'plain', num_partitions: 1, replication_factor: 1 });
  });

  it('are refused without a name, twice, and without a leader', async () => {
    expect((await create({})).status).toBe(400);
    expect((await create([])).status).toBe(400);
    await create(orders);
    expect((await create(orders)).status).toBe(500);
    bus.hasNoLeader();
    expect((await create({ name: 'late' })).status).toBe(500);
  });
});

describe('the tenant API, where it is switched on', () => {
  const path = '/api/v1/tenants';
  const acme = { id: 'acme', name: 'Acme', description: 'kept nowhere', quotas: { MaxTopics: 5 } };
  const create = (body: object) => answerTo({ ordinal: 0, path, method: 'POST', body });

  beforeEach(() => void bus.hasTenantApi());

  it('takes, tells, changes and removes tenants', async () => {
    const made = await create(acme);
    expect(made.status).toBe(201);
    expect(JSON.parse(made.text)).toMatchObject({
      ID: 'acme',
      Name: 'Acme',
      Description: '',
      Quotas: { MaxTopics: 5, MaxConnections: 0 },
      Status: 'ACTIVE',
    });
    const changed = { quotas: { MaxTopics: 6, MaxConnections: -1 } };
    const { status, json } = await jsonOf({ ordinal: 0, path: `${path}/acme`, method: 'PUT', body: changed });
    expect([status, json]).toMatchObject([200, { Name: 'Acme', Quotas: { MaxTopics: 6, MaxConnections: -1 } }]);
    expect((await jsonOf({ ordinal: 0, path })).json).toEqual({ tenants: [json], count: 1 });
    expect((await jsonOf({ ordinal: 0, path: `${path}/acme` })).json).toEqual(json);
    expect((await answerTo({ ordinal: 0, path: `${path}/acme?force=true`, method: 'DELETE' })).status).toBe(204);
    expect((await jsonOf({ ordinal: 0, path })).json).toEqual({ tenants: [], count: 0 });
  });

  it('refuses what the broker refuses, with its statuses', async () => {
    await create(acme);
    const gone = `${path}/gone`;
    expect((await create(acme)).status).toBe(500);
    expect((await create({ name: 'Nobody' })).status).toBe(400);
    expect((await create({ id: 'nameless' })).status).toBe(400);
    expect((await create({ id: 'x', name: 'X', quotas: { MaxTopics: 'many' } })).status).toBe(400);
    expect((await answerTo({ ordinal: 0, path: gone })).status).toBe(404);
    expect((await answerTo({ ordinal: 0, path: gone, method: 'PUT', body: {} })).status).toBe(500);
    expect((await answerTo({ ordinal: 0, path: gone, method: 'DELETE' })).status).toBe(500);
  });

  it('is one of its own on each broker, and forgets its tenants when that broker restarts', async () => {
    await create(acme);
    expect((await jsonOf({ ordinal: 1, path })).json.count).toBe(0);
    bus.pod(1).restarted();
    expect((await jsonOf({ ordinal: 0, path })).json.count).toBe(1);
    bus.pod(0).restarted();
    expect((await jsonOf({ ordinal: 0, path })).json.count).toBe(0);
  });
});

describe('what was asked', () => {
  it('is counted by method and path: for a broker, a cluster, and all', async () => {
    expect(standIns.asked).toEqual({});
    await answerTo({ ordinal: 0, path: '/api/v1/cluster' });
    await answerTo({ ordinal: 1, path: '/api/v1/cluster?verbose' });
    await answerTo({ cluster: 'other', ordinal: 0, path: '/health/live' });
    expect(bus.pod(1).asked).toEqual({ 'GET /api/v1/cluster': 1 });
    expect(bus.asked).toEqual({ 'GET /api/v1/cluster': 2 });
    expect(standIns.asked).toEqual({ 'GET /api/v1/cluster': 2, 'GET /health/live': 1 });
  });

  it('is answered with 502 and a sentence when it names no broker', async () => {
    const response = await fetch(`${standIns.url}/api/v1/cluster`);
    expect([response.status, await response.text()]).toEqual([
      502,
      '"/api/v1/cluster" names no broker: http://<pod>.<cluster>-headless.<namespace>.svc:<port>/<path>',
    ]);
    expect(standIns.asked).toEqual({});
  });
});
