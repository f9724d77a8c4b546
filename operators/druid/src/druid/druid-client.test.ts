import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { badGateway, noCompaction, noSupervisor, staleLookup } from './captured-answers.fixture.ts';
import type { HostLookup } from './checked-lookup.ts';
import type { Answer, DruidApi } from './druid-api.ts';
import { druidClient, druidClients } from './druid-client.ts';
import type { DruidClientOptions, DruidConnection, ObservedCall } from './druid-connection.ts';
import { LoopbackDruids, type Script, serverIdentity } from './loopback-druid.fixture.ts';

let druids = new LoopbackDruids();
beforeEach(() => {
  druids = new LoopbackDruids();
});
afterEach(() => druids[Symbol.asyncDispose]());

const onLoopback = { addresses: { allowed: ['127.0.0.0/8'] } };
const credentials = { username: 'operator', password: 'hunter22' };

function clientOf(url: string, options: Partial<DruidConnection & DruidClientOptions> = {}): DruidApi {
  return druidClient({ url, ...onLoopback, ...options });
}

async function clientThat(script: Script, options: Partial<DruidConnection & DruidClientOptions> = {}) {
  const druid = await druids.start(script);
  return { ...druid, client: clientOf(druid.url, options) };
}

const unreachable = (reason: string, says: string) => ({
  kind: 'Unreachable',
  reason,
  message: expect.stringContaining(says),
});

describe('a call to Druid', () => {
  const asked: readonly (readonly [string, (client: DruidApi) => Promise<Answer<unknown>>])[] = [
    ['GET /druid/indexer/v1/supervisor/a', (client) => client.supervisorSpec('a')],
    ['GET /druid/indexer/v1/supervisor/a/status', (client) => client.supervisorStatus('a')],
    ['GET /druid/indexer/v1/supervisor/a/health', (client) => client.supervisorHealth('a')],
    [
      'POST /druid/indexer/v1/supervisor?skipRestartIfUnmodified=true {"type":"kafka"}',
      (client) => client.submitSupervisor({ type: 'kafka' }),
    ],
    ['POST /druid/indexer/v1/supervisor/a/terminate ', (client) => client.terminate('a')],
    ['POST /druid/indexer/v1/supervisor/a/suspend ', (client) => client.suspend('a')],
    ['POST /druid/indexer/v1/supervisor/a/reset ', (client) => client.reset('a')],
    ['POST /druid/indexer/v1/supervisor/a/resetOffsets {"x":1}', (client) => client.resetOffsets('a', { x: 1 })],
    [
      'POST /druid/indexer/v1/supervisor/a/taskGroups/handoff {"taskGroupIds":[0,1]}',
      (client) => client.handOff('a', [0, 1]),
    ],
    ['POST /druid/indexer/v1/task {"id":"t"}', (client) => client.submitTask({ id: 't' })],
    ['GET /druid/indexer/v1/task/t/status', (client) => client.taskStatus('t')],
    ['GET /druid/indexer/v1/task/t/reports', (client) => client.taskReport('t')],
    ['POST /druid/indexer/v1/task/t/shutdown ', (client) => client.shutDownTask('t')],
    ['POST /druid/v2/sql/task {"query":"q"}', (client) => client.submitSql({ query: 'q' })],
    ['GET /druid/coordinator/v1/rules/d', (client) => client.rules('d')],
    ['POST /druid/coordinator/v1/rules/d []', (client) => client.setRules('d', [])],
    ['GET /druid/indexer/v1/compaction/config/datasources/d', (client) => client.compaction('d')],
    [
      'POST /druid/indexer/v1/compaction/config/datasources/d {"dataSource":"d"}',
      (client) => client.setCompaction({ dataSource: 'd' }),
    ],
    ['DELETE /druid/indexer/v1/compaction/config/datasources/d', (client) => client.removeCompaction('d')],
    ['GET /druid/coordinator/v1/lookups/config/t/l', (client) => client.lookup('t', 'l')],
    ['DELETE /druid/coordinator/v1/lookups/config/t/l', (client) => client.removeLookup('t', 'l')],
    ['GET /druid/coordinator/v1/config', (client) => client.dynamicConfig('Coordinator')],
    ['GET /druid/indexer/v1/worker', (client) => client.dynamicConfig('Overlord')],
    ['POST /druid/coordinator/v1/config {"a":1}', (client) => client.setDynamicConfig('Coordinator', { a: 1 })],
    ['POST /druid/indexer/v1/worker {"a":1}', (client) => client.setDynamicConfig('Overlord', { a: 1 })],
  ];

  it.each(asked)('is %s', async (line, call) => {
    const { client, arrived } = await clientThat({ json: {} });
    await call(client);
    expect(arrived).toHaveLength(1);
    const [{ method, url, body } = { method: '', url: '', body: '' }] = arrived;
    expect(method === 'POST' ? `${method} ${url} ${body}` : `${method} ${url}`).toBe(line);
  });

  it('says who asks and what it sends, also where that is nothing', async () => {
    const { client, arrived } = await clientThat({ json: { id: 'zoë' } }, { credentials });
    expect(await client.submitSupervisor({ name: 'zoë' })).toEqual({ kind: 'Done', value: { id: 'zoë' }, status: 200 });
    await client.suspend('zoë');
    const authorization = `Basic ${Buffer.from('operator:hunter22').toString('base64')}`;
    expect(arrived).toEqual([
      expect.objectContaining({ authorization, contentType: 'application/json', length: '15', body: '{"name":"zoë"}' }),
      expect.objectContaining({ authorization, contentType: 'application/json', length: '0', body: '' }),
    ]);
  });

  it('is observed with its name, its status and how long it took', async () => {
    const observed: ObservedCall[] = [];
    const { client } = await clientThat(
      (_, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end(noSupervisor.text),
      { observe: (call) => observed.push(call) },
    );
    expect(await client.terminate('nope')).toEqual({ kind: 'Done', value: 'Absent', status: 404 });
    await clientOf('http://127.0.0.1:1', { observe: (call) => observed.push(call) }).rules('a');
    expect(observed).toEqual([
      { name: 'terminate', status: 404, durationMs: expect.any(Number) },
      { name: 'rules', status: undefined, durationMs: expect.any(Number) },
    ]);
    expect(observed.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it('is not made for an id that no URL can hold', async () => {
    const { client, arrived } = await clientThat({ json: {} });
    expect(await client.terminate('..')).toMatchObject({ kind: 'Refused', status: 400 });
    expect(await client.setCompaction({})).toMatchObject({ kind: 'Refused', status: 400 });
    expect(arrived).toEqual([]);
  });

  it('ends with the pass that made it', async () => {
    const pass = new AbortController();
    const { client } = await clientThat(() => pass.abort(new Error('the pass is over')), { signal: pass.signal });
    await expect(client.rules('a')).rejects.toThrow('the pass is over');
    await expect(client.rules('a')).rejects.toThrow('the pass is over');
  });
});

describe('what Druid says without words', () => {
  it('of an overlord without configuration is that it has none', async () => {
    const { client } = await clientThat({ text: '' });
    expect(await client.dynamicConfig('Overlord')).toEqual({ kind: 'Done', value: undefined, status: 200 });
    expect(await client.dynamicConfig('Coordinator')).toMatchObject({ kind: 'Unreachable', reason: 'NotDruid' });
  });

  it('of a supervisor called history is not the history of all of them', async () => {
    const { client } = await clientThat({ json: { a: [] } });
    expect(await client.supervisorSpec('history')).toMatchObject({ kind: 'Unreachable', reason: 'NotDruid' });
  });
});

describe('compaction', () => {
  it('is asked of the coordinator where the overlord knows nothing of it', async () => {
    const { client, arrived } = await clientThat((request, response) => {
      if (request.url?.startsWith('/druid/indexer/')) return response.writeHead(404).end();
      const json = { 'content-type': 'application/json' };
      if (request.method === 'DELETE') return response.writeHead(404, json).end(noCompaction.text);
      return response.writeHead(200, json).end(request.method === 'GET' ? '{"dataSource":"d"}' : '{"success":true}');
    });
    expect(await client.compaction('d')).toMatchObject({ kind: 'Done', value: { dataSource: 'd' } });
    expect(await client.setCompaction({ dataSource: 'd' })).toMatchObject({ kind: 'Done' });
    expect(await client.removeCompaction('d')).toMatchObject({ kind: 'Done', value: 'Absent' });
    expect(arrived.map(({ url }) => url).filter((url) => url?.startsWith('/druid/coordinator/'))).toEqual([
      '/druid/coordinator/v1/config/compaction/d',
      '/druid/coordinator/v1/config/compaction',
      '/druid/coordinator/v1/config/compaction/d',
    ]);
  });

  it('that is absent is asked for once', async () => {
    const { client, arrived } = await clientThat((_, response) =>
      response.writeHead(404, { 'content-type': 'application/json' }).end(noCompaction.text),
    );
    expect(await client.compaction('d')).toEqual({ kind: 'Done', value: undefined, status: 404 });
    expect(arrived).toHaveLength(1);
  });
});

describe('a lookup', () => {
  const lookup = { version: 'v1', lookupExtractorFactory: { type: 'map', map: {} } };

  it.each([
    [
      'is set after an empty set where Druid never had one',
      404,
      ['GET {}', 'POST {}', `POST ${JSON.stringify(lookup)}`],
    ],
    ['is set at once where Druid had some', 200, ['GET {}', `POST ${JSON.stringify(lookup)}`]],
  ])('%s', async (_, status, expected) => {
    const { client, arrived } = await clientThat((request, response) => {
      const code = request.method === 'GET' ? status : 202;
      response.writeHead(code, { 'content-type': 'application/json' }).end(code === 200 ? '[]' : '');
    });
    expect(await client.setLookup('__default', 'l1', lookup)).toEqual({ kind: 'Done', value: undefined, status: 202 });
    expect(arrived.map(({ method, body }) => `${method} ${body || '{}'}`)).toEqual(expected);
  });

  it('that is refused for its version is not told by the one that Druid has, which may hold a password', async () => {
    const { client } = await clientThat((request, response) => {
      const isRead = request.method === 'GET';
      response.writeHead(isRead ? 200 : staleLookup.status, { 'content-type': 'application/json' });
      response.end(isRead ? '[]' : staleLookup.text.replace('a=b', 'password=canary'));
    });
    const answer = await client.setLookup('__default', 'l1', lookup);
    expect(answer).toMatchObject({ kind: 'Refused', message: expect.stringContaining('does not come after') });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });
});

describe('a Druid that does not answer', () => {
  it('is given up in time when it takes the call and says nothing', async () => {
    const { client } = await clientThat(() => {}, { limits: { readMs: 30, writeMs: 40, haltMs: 50 } });
    expect(await client.rules('a')).toMatchObject(unreachable('Timeout', 'within 30 ms'));
    expect(await client.setRules('a', [])).toMatchObject(unreachable('Timeout', 'within 40 ms'));
    expect(await client.suspend('a')).toMatchObject(unreachable('Timeout', 'within 50 ms'));
    // Over a supervisor that cannot reach its stream, this takes as long as suspending it.
    expect(await client.submitSupervisor({})).toMatchObject(unreachable('Timeout', 'within 50 ms'));
  });

  it('is told with what it was asked, for a change may take long on its own account', async () => {
    const { client } = await clientThat(() => {}, { limits: { readMs: 30, writeMs: 30 } });
    expect(await client.rules('a')).toMatchObject({ reason: 'Timeout', asked: 'Question' });
    expect(await client.setRules('a', [])).toMatchObject({ reason: 'Timeout', asked: 'Change' });
  });

  it('is given up in time when it stops in the middle of its answer', async () => {
    const { client } = await clientThat((_, response) => response.write('[{"type'), { limits: { readMs: 50 } });
    expect(await client.rules('a')).toMatchObject(unreachable('Timeout', 'within 50 ms'));
  });

  it('is given up soon when no connection comes to stand', async () => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    // Safe: it listens on TCP.
    const { port } = silent.address() as AddressInfo;
    const client = clientOf(`https://127.0.0.1:${port}`, { limits: { connectMs: 30 } });
    expect(await client.rules('a')).toMatchObject(unreachable('NoConnection', 'no connection to'));
    silent.close();
  });

  it('is told apart from one that is not there, or breaks off', async () => {
    const broken = await clientThat((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[{');
      response.socket?.end();
    });
    expect(await broken.client.rules('a')).toMatchObject(unreachable('BrokenOff', 'broke off'));
    const empty = await clientThat((request) => request.socket.destroy());
    expect(await empty.client.setRules('a', [])).toMatchObject(unreachable('BrokenOff', 'broke off'));
    expect(await clientOf('http://127.0.0.1:1').rules('a')).toMatchObject(
      unreachable('NoConnection', 'nothing listens'),
    );
  });

  it('holds up as many calls as it has places, and nobody who asks another Druid', async () => {
    const hanging = await druids.start(() => {});
    const healthy = await druids.start({ json: [] });
    const of = druidClients({ ...onLoopback, limits: { readMs: 400, inFlight: 2 } });
    const stuck = Array.from({ length: 20 }, () => of({ url: hanging.url }).rules('a'));
    expect(await of({ url: healthy.url }).rules('a')).toMatchObject({ kind: 'Done' });
    const reasons = (await Promise.all(stuck)).map((answer) => ('reason' in answer ? answer.reason : undefined));
    expect(reasons.filter((reason) => reason === 'Timeout')).toHaveLength(2);
    expect(reasons.filter((reason) => reason === 'Busy')).toHaveLength(18);
    expect(hanging.arrived).toHaveLength(2);
  });

  it('answers questions while supervisors are slow to halt', async () => {
    const halting = Promise.withResolvers<void>();
    const { client, arrived } = await clientThat(
      async (request, response) => {
        if (request.method === 'POST') await halting.promise;
        response.end('[]');
      },
      { limits: { inFlight: 2, haltsInFlight: 2 } },
    );
    const halts = ['a', 'b', 'c', 'd'].map((id) => client.terminate(id));
    expect(await client.rules('a')).toMatchObject({ kind: 'Done' });
    halting.resolve();
    expect((await Promise.all(halts)).map(({ kind }) => kind)).toEqual(['Done', 'Done', 'Done', 'Done']);
    expect(arrived).toHaveLength(5);
  });
});

describe('an answer', () => {
  it('of HTML is one sentence', async () => {
    const { client } = await clientThat((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html;charset=iso-8859-1' }).end(badGateway.text),
    );
    expect(await client.rules('a')).toEqual({
      kind: 'Unreachable',
      reason: 'Unavailable',
      status: 502,
      message: 'the router finds no Druid behind it (502): Error 502 Bad Gateway',
    });
  });

  it('is taken up to a mebibyte, and not a byte more', async () => {
    const [start, end] = ['{"status":{"status":"RUNNING","x":"', '"}}'];
    const status = (size: number) => start.padEnd(size - end.length, 'x') + end;
    const whole = await clientThat({ text: status(1_048_576) });
    expect(await whole.client.taskStatus('a')).toMatchObject({ kind: 'Done' });
    const more = await clientThat({ text: status(1_048_577) });
    expect(await more.client.taskStatus('a')).toMatchObject(unreachable('NotDruid', 'more than 1048576 bytes'));
  });

  const repeating: readonly (readonly [string, (client: DruidApi) => Promise<Answer<unknown>>])[] = [
    ['the spec of a supervisor', (client) => client.supervisorSpec('a')],
    ['the supervisor that was suspended', (client) => client.suspend('a')],
    ['a lookup', (client) => client.lookup('t', 'l')],
    ['compaction', (client) => client.compaction('d')],
  ];

  it.each(repeating)('is taken up to 32 mebibytes where it repeats what was set: %s', async (_what, call) => {
    const dimensions = Array.from({ length: 60_000 }, (_, index) => ({ type: 'string', name: `dimension-${index}` }));
    const { client } = await clientThat({ json: { type: 'kafka', dimensions } });
    expect(await call(client)).toMatchObject({ kind: 'Done' });
    const { url } = await druids.start({ json: { type: 'kafka', dimensions } });
    const limited = clientOf(url, { limits: { repeatedBytes: 1_000_000 } });
    expect(await call(limited)).toMatchObject(unreachable('NotDruid', 'more than 1000000 bytes'));
  });

  it('names a supervisor by what was sent, and else without what is secret', async () => {
    const { client } = await clientThat({ json: { id: 'autocompact__clicks' } }, { redactions: ['clicks'] });
    const spec = { type: 'autocompact', spec: { dataSource: 'clicks' } };
    expect(await client.submitSupervisor(spec)).toMatchObject({ value: { id: 'autocompact__clicks' } });
    expect(await client.submitSupervisor({ topic: 'clicks' })).toMatchObject({
      value: { id: 'autocompact__[redacted]' },
    });
  });

  it('that repeats what is secret is told without it', async () => {
    const sent = `cannot use hunter22, nor ${Buffer.from('operator:hunter22').toString('base64')}, nor from-a-secret`;
    const { client } = await clientThat(
      { status: 400, json: { error: sent } },
      { credentials, redactions: ['from-a-secret'] },
    );
    const message = 'Druid refuses this (400): cannot use [redacted], nor [redacted], nor [redacted]';
    expect(await client.submitSupervisor({})).toEqual({ kind: 'Refused', status: 400, message });
  });
});

describe('connections', () => {
  it('are kept for the next call, also of another pass', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await druids.start((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('[]');
    });
    const of = druidClients(onLoopback);
    for (let pass = 0; pass < 3; pass += 1) await of({ url }).rules('a');
    expect(ports.size).toBe(1);
  });

  it('that Druid closes just then have a question asked once more, and no change', async () => {
    let calls = 0;
    const { client, arrived } = await clientThat((request, response) => {
      calls += 1;
      return calls % 2 === 0 ? request.socket.destroy() : response.end('[]');
    });
    expect(await client.rules('a')).toMatchObject({ kind: 'Done' });
    expect(await client.rules('a')).toMatchObject({ kind: 'Done' });
    expect(await client.setRules('a', [])).toMatchObject(unreachable('BrokenOff', 'broke off'));
    expect(arrived).toHaveLength(4);
  });
});

describe('a redirect of a Druid that does not lead', () => {
  const redirectTo =
    (location: string): Script =>
    (request, response) =>
      response.writeHead(307, { location: new URL(request.url ?? '', location).href }).end();

  it('is followed with method, body and credentials to a host that is allowed', async () => {
    const leader = await druids.start({ json: { id: 'a' } }, { host: '127.0.0.2' });
    const { client } = await clientThat(redirectTo(leader.url), { credentials, allowedHosts: ['127.0.0.2'] });
    expect(await client.submitSupervisor({ a: 1 })).toMatchObject({ kind: 'Done', value: { id: 'a' } });
    expect(leader.arrived).toEqual([
      {
        method: 'POST',
        url: '/druid/indexer/v1/supervisor?skipRestartIfUnmodified=true',
        authorization: expect.stringMatching(/^Basic /),
        contentType: 'application/json',
        length: '7',
        body: '{"a":1}',
      },
    ]);
  });

  it('is not followed elsewhere: nothing arrives there, and no credentials', async () => {
    const thief = await druids.start({ json: { id: 'a' } }, { host: '127.0.0.2' });
    const { client } = await clientThat(redirectTo(thief.url), { credentials, allowedHosts: ['*.orders.svc'] });
    expect(await client.submitSupervisor({})).toMatchObject(unreachable('NotAllowed', 'may not call'));
    expect(thief.arrived).toEqual([]);
  });

  it('is not followed to a host that is allowed by its name but is at an address that is not', async () => {
    const { client } = await clientThat(redirectTo('http://overlord.orders.svc:8081'), {
      credentials,
      allowedHosts: ['*.orders.svc'],
      lookup: async () => [{ address: '169.254.169.254', family: 4 }],
    });
    expect(await client.rules('a')).toMatchObject(unreachable('NotAllowed', 'at 169.254.169.254'));
  });

  it('is followed three times and no more', async () => {
    const { client, arrived } = await clientThat((request, response) =>
      response.writeHead(307, { location: request.url }).end(),
    );
    expect(await client.rules('a')).toMatchObject(unreachable('Unavailable', 'more than 3 times'));
    expect(arrived).toHaveLength(4);
  });
});

describe('an address', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '169.254.169.254', '[::ffff:169.254.169.254]'])(
    'such as %s is not called unless that is allowed',
    async (host) => {
      const client = druidClient({ url: `http://${host}:1` });
      expect(await client.rules('a')).toMatchObject(unreachable('NotAllowed', 'no address of a Druid'));
    },
  );

  it('is not called when its name has one that is not allowed beside others', async () => {
    const lookup: HostLookup = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    const { url, arrived } = await druids.start({ json: [] });
    const client = clientOf(`http://router.orders.svc:${new URL(url).port}`, { lookup });
    expect(await client.rules('a')).toMatchObject(unreachable('NotAllowed', 'at 169.254.169.254'));
    expect(arrived).toEqual([]);
  });

  it('is resolved once for a connection, which goes to just that', async () => {
    const { url, arrived } = await druids.start({ json: [] });
    const resolved = ['127.0.0.1', '169.254.169.254'];
    const lookup: HostLookup = async () => [{ address: resolved.shift() ?? '', family: 4 }];
    const client = clientOf(`http://router.orders.svc:${new URL(url).port}`, { lookup });
    expect(await client.rules('a')).toMatchObject({ kind: 'Done' });
    expect(await client.rules('a')).toMatchObject({ kind: 'Done' });
    expect([arrived.length, resolved.length]).toEqual([2, 1]);
  });

  it('that no resolver knows is told so', async () => {
    const lookup: HostLookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const client = clientOf('http://router.orders.svc', { lookup });
    expect(await client.rules('a')).toMatchObject(unreachable('NoConnection', 'no host of that name'));
  });

  it.each(['router:8888', 'ftp://router', 'http://u:hunter22@router', 'nonsense hunter22'])(
    'that is no address of a Druid is refused without being repeated: %s',
    (url) => {
      expect(() => druidClient({ url })).toThrow(/^the URL of a Druid must be(?!.*hunter22)/);
    },
  );
});

describe('TLS', () => {
  it('is spoken with a Druid whose authority is given', async () => {
    const tls = await serverIdentity();
    const { url } = await druids.start({ json: [] }, { tls });
    expect(await clientOf(url, { ca: tls.ca }).rules('a')).toMatchObject({ kind: 'Done' });
  });

  const vouching: readonly (readonly [string, (own: string) => Promise<string | undefined>, readonly string[]])[] = [
    ['nobody vouches for', async () => undefined, ['127.0.0.1']],
    ['another authority vouches for', async () => (await serverIdentity()).ca, ['127.0.0.1']],
    ['is for another host', async (own) => own, ['router.orders.svc']],
    ['a text that is no certificate is to vouch for', async () => 'no PEM', ['127.0.0.1']],
  ];

  it.each(vouching)('is not spoken with a certificate that %s, and nothing is sent', async (_, vouches, hosts) => {
    const tls = await serverIdentity(hosts);
    const { url, arrived } = await druids.start({ json: [] }, { tls });
    const ca = await vouches(tls.ca);
    const client = clientOf(url, { credentials, ...(ca === undefined ? {} : { ca }) });
    expect(await client.rules('a')).toMatchObject(unreachable('Untrusted', 'the certificate of'));
    expect(arrived).toEqual([]);
  });

  it('is not left by a redirect', async () => {
    const clear = await druids.start({ json: [] });
    const tls = await serverIdentity();
    const { url } = await druids.start((_, response) => response.writeHead(307, { location: clear.url }).end(), {
      tls,
    });
    expect(await clientOf(url, { ca: tls.ca, credentials }).rules('a')).toMatchObject(
      unreachable('NotAllowed', 'out of TLS'),
    );
    expect(clear.arrived).toEqual([]);
  });

  it('is told to be missing where HTTP answers', async () => {
    const { url } = await druids.start({ json: [] });
    expect(await clientOf(url.replace('http:', 'https:')).rules('a')).toMatchObject(
      unreachable('NoConnection', 'does not speak TLS'),
    );
  });
});
