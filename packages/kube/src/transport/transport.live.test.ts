import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, connect as netConnect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { TcpProxy } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { ApiError, TransportError } from '../api-error.ts';
import { systemClock } from '../clock.ts';
import { createClient } from '../create-client.ts';
import { ConfigMap } from '../kinds.ts';
import { eventually } from '../testing/eventually.fixture.ts';
import { ManualClock, sleeplessClock } from '../testing/manual-clock.fixture.ts';
import {
  answer,
  connectionTo,
  type Received,
  refuse,
  reset,
  ScriptedServer,
} from '../testing/scripted-server.fixture.ts';
import { otherPair, servingPair } from '../testing/serving-certificate.fixture.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', resourceVersion: '7' } } as const;
const created = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } } as const;
const ref = { name: 'settings' };

async function failureOf(call: Promise<unknown>): Promise<ApiError | TransportError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof ApiError || failure instanceof TransportError) return failure;
  throw new Error(`expected an ApiError or a TransportError, not ${String(failure)}`);
}

describe('sessions', () => {
  it('shares one session between calls until 80 streams are open, then opens another', async () => {
    const waiting: Received[] = [];
    await using server = await ScriptedServer.start((request) => waiting.push(request));
    const client = createClient(connectionTo(server.url));
    const calls = Array.from({ length: 100 }, () => client.get(ConfigMap, ref));
    await eventually('all calls have arrived', () => waiting.length === 100);
    expect(server.sessions).toHaveLength(2);
    const perSession = [0, 1].map((session) => waiting.filter((request) => request.session === session).length);
    expect(perSession).toEqual([80, 20]);
    for (const request of waiting) answer(request, 200, settings);
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, () => settings));
    await client.close();
  });

  it('gives each client sessions of its own', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const [work, lease] = [createClient(connectionTo(server.url)), createClient(connectionTo(server.url))];
    await Promise.all([work.get(ConfigMap, ref), lease.get(ConfigMap, ref)]);
    expect(server.sessions).toHaveLength(2);
    await Promise.all([work.close(), lease.close()]);
  });

  it('finishes old streams and sends new ones elsewhere after GOAWAY', async () => {
    const waiting: Received[] = [];
    await using server = await ScriptedServer.start((request, count) => {
      if (count === 1) waiting.push(request);
      else answer(request, 200, settings);
    });
    const client = createClient(connectionTo(server.url));
    const old = client.get(ConfigMap, ref);
    await eventually('the first call has arrived', () => waiting.length === 1);
    server.sessions[0]?.goaway(0);
    await eventually('new calls take a new session', async () => {
      await client.get(ConfigMap, ref);
      return server.sessions.length === 2;
    });
    for (const request of waiting) answer(request, 200, settings);
    expect(await old).toEqual(settings);
    expect(server.received.at(-1)?.session).toBe(1);
    await client.close();
  });

  it('breaks a session whose PING stays unanswered, and reads again over a new one', async () => {
    const clock = new ManualClock();
    await using server = await ScriptedServer.start((request, count) => {
      if (count > 1) answer(request, 200, settings);
    });
    await using proxy = await TcpProxy.start(server.url);
    const client = createClient(connectionTo(proxy.url), { clock, random: () => 0 });
    const call = client.get(ConfigMap, ref, { timeoutMs: 600_000 });
    await eventually('the call has arrived', () => server.received.length === 1);
    proxy.freeze();
    clock.advance(30_000);
    clock.advance(15_000);
    await eventually('the call is made again', () => {
      clock.advance(0);
      return server.sessions.length === 2;
    });
    expect(await call).toEqual(settings);
    await client.close();
  });

  it('keeps a session whose PING is answered', async () => {
    const clock = new ManualClock();
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(server.url), { clock });
    for (const ms of [30_000, 15_000, 15_000, 15_000]) {
      // The answer to this call comes after that to the PING.
      await client.get(ConfigMap, ref);
      clock.advance(ms);
    }
    await client.get(ConfigMap, ref);
    expect(server.sessions).toHaveLength(1);
    await client.close();
  });

  it('takes new connections when the CA rotates, and leaves a watch on the old one', async () => {
    let ca = servingPair.cert;
    await using server = await ScriptedServer.start((request) => {
      if (request.path.includes('watch=true')) request.stream.respond({ ':status': 200 });
      else answer(request, 200, settings);
    });
    const client = createClient(connectionTo(server.url, { certificateAuthority: async () => ca }));
    const watch = client.watch(ConfigMap);
    const first = watch.next();
    await eventually('the watch is open', () => server.received.length === 1);
    ca = `${otherPair.cert}${servingPair.cert}`;
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    expect(server.sessions).toHaveLength(2);
    server.received[0]?.stream.end(`${JSON.stringify({ type: 'ADDED', object: settings })}\n`);
    expect(await first).toEqual({ done: false, value: { type: 'ADDED', object: settings } });
    expect(await watch.next()).toEqual({ done: true, value: undefined });
    await client.close();
  });

  it('ends calls under way when the client is closed, and refuses later ones', async () => {
    await using server = await ScriptedServer.start(() => undefined);
    const client = createClient(connectionTo(server.url));
    const call = failureOf(client.create(ConfigMap, created));
    await eventually('the call has arrived', () => server.received.length === 1);
    await client.close();
    expect(await call).toBeInstanceOf(TransportError);
    expect(await failureOf(client.get(ConfigMap, ref))).toMatchObject({ name: 'TransportError', maySent: false });
  });
});

describe('what is sent again', () => {
  const lost = (request: Received) => request.stream.session?.destroy();

  it.each([
    { what: 'a read whose connection was lost', fault: lost, call: 'get', sent: 2 },
    {
      what: 'a write that the server refused to begin',
      fault: (r: Received) => reset(r, 'NGHTTP2_REFUSED_STREAM'),
      call: 'create',
      sent: 2,
    },
    {
      what: 'a read answered 503 with Retry-After',
      fault: (r: Received) => refuse(r, 503, 'ServiceUnavailable', { 'retry-after': '1' }),
      call: 'get',
      sent: 2,
    },
    {
      what: 'an apply answered 503 with Retry-After',
      fault: (r: Received) => refuse(r, 503, 'ServiceUnavailable', { 'retry-after': '1' }),
      call: 'apply',
      sent: 2,
    },
    {
      what: 'a create answered 429 with Retry-After',
      fault: (r: Received) => refuse(r, 429, 'TooManyRequests', { 'retry-after': '1' }),
      call: 'create',
      sent: 2,
    },
  ] as const)('$what', async ({ fault, call, sent }) => {
    await using server = await ScriptedServer.start((request, count) => {
      if (count === 1) fault(request);
      else answer(request, 200, settings);
    });
    const client = createClient(connectionTo(server.url), { clock: sleeplessClock(systemClock) });
    const calls = {
      get: () => client.get(ConfigMap, ref),
      create: () => client.create(ConfigMap, created),
      apply: () => client.apply(ConfigMap, created, { fieldManager: 'test' }),
    };
    expect(await calls[call]()).toEqual(settings);
    expect(server.received).toHaveLength(sent);
    await client.close();
  });

  it.each([
    { what: 'a create whose connection was lost', fault: lost, error: { name: 'TransportError', maySent: true } },
    {
      what: 'a create answered 503 with Retry-After',
      fault: (r: Received) => refuse(r, 503, 'ServiceUnavailable', { 'retry-after': '1' }),
      error: { name: 'ApiError', status: 503, retryAfterSeconds: 1 },
    },
    {
      what: 'a create answered 429 without Retry-After',
      fault: (r: Received) => refuse(r, 429, 'TooManyRequests'),
      error: { name: 'ApiError', status: 429 },
    },
    {
      what: 'a create answered 409',
      fault: (r: Received) => refuse(r, 409, 'AlreadyExists'),
      error: { name: 'ApiError', reason: 'AlreadyExists' },
    },
  ])('never $what', async ({ fault, error }) => {
    await using server = await ScriptedServer.start(fault);
    const client = createClient(connectionTo(server.url), { clock: sleeplessClock(systemClock) });
    expect(await failureOf(client.create(ConfigMap, created))).toMatchObject(error);
    expect(server.received).toHaveLength(1);
    await client.close();
  });

  it('waits as long as Retry-After asks, from the header or the Status, and up to a quarter more', async () => {
    const clock = sleeplessClock(systemClock);
    await using server = await ScriptedServer.start((request, count) => {
      if (count === 1) refuse(request, 429, 'TooManyRequests', { 'retry-after': '7' });
      else if (count === 2) refuse(request, 429, 'TooManyRequests', {}, { retryAfterSeconds: 3 });
      else answer(request, 200, settings);
    });
    const client = createClient(connectionTo(server.url), { clock, random: () => 1 });
    await client.get(ConfigMap, ref);
    expect(clock.slept).toEqual([8750, 3750]);
    await client.close();
  });

  it('does not wait for a Retry-After that is longer than the call may last', async () => {
    const clock = sleeplessClock(systemClock);
    await using server = await ScriptedServer.start((request) =>
      refuse(request, 429, 'TooManyRequests', { 'retry-after': '60' }),
    );
    const client = createClient(connectionTo(server.url), { clock });
    expect(await failureOf(client.get(ConfigMap, ref))).toMatchObject({ status: 429, retryAfterSeconds: 60 });
    expect(clock.slept).toEqual([]);
    await client.close();
  });

  it('gives up after five refusals', async () => {
    await using server = await ScriptedServer.start((request) =>
      refuse(request, 429, 'TooManyRequests', { 'retry-after': '1' }),
    );
    const client = createClient(connectionTo(server.url), { clock: sleeplessClock(systemClock) });
    expect(await failureOf(client.get(ConfigMap, ref))).toMatchObject({ status: 429 });
    expect(server.received).toHaveLength(6);
    await client.close();
  });
});

describe('credentials', () => {
  it('are renewed once after a 401, and the call is sent again with the new ones', async () => {
    let token = 'old';
    await using server = await ScriptedServer.start((request) => {
      if (request.headers.authorization === 'Bearer new') answer(request, 200, settings);
      else refuse(request, 401, 'Unauthorized');
    });
    const credentials = {
      current: async () => ({ headers: { authorization: `Bearer ${token}` } }),
      renew: async () => {
        token = 'new';
        return true;
      },
    };
    const client = createClient(connectionTo(server.url, { credentials }));
    expect(await client.create(ConfigMap, created)).toEqual(settings);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    await client.close();
  });

  it.each([
    { renewed: true, sent: 2 },
    { renewed: false, sent: 1 },
  ])('end in one ApiError when the server keeps refusing them (renewed: $renewed)', async ({ renewed, sent }) => {
    await using server = await ScriptedServer.start((request) => refuse(request, 401, 'Unauthorized'));
    const credentials = { current: async () => ({ headers: {} }), renew: async () => renewed };
    const client = createClient(connectionTo(server.url, { credentials }));
    expect(await failureOf(client.get(ConfigMap, ref))).toMatchObject({ status: 401, reason: 'Unauthorized' });
    expect(server.received).toHaveLength(sent);
    await client.close();
  });

  it('that cannot be renewed leave the 401 as the answer', async () => {
    await using server = await ScriptedServer.start((request) => refuse(request, 401, 'Unauthorized'));
    const renew = async () => {
      throw new Error('the exec plugin failed');
    };
    const client = createClient(
      connectionTo(server.url, { credentials: { current: async () => ({ headers: {} }), renew } }),
    );
    expect(await failureOf(client.get(ConfigMap, ref))).toMatchObject({ status: 401, reason: 'Unauthorized' });
    await client.close();
  });

  it('that cannot be had are a TransportError of a call that was never sent', async () => {
    await using server = await ScriptedServer.start(() => undefined);
    const current = async () => {
      throw new Error('the exec plugin is not installed');
    };
    const client = createClient(connectionTo(server.url, { current }), { clock: sleeplessClock(systemClock) });
    const failure = await failureOf(client.get(ConfigMap, ref));
    expect(failure).toMatchObject({ name: 'TransportError', maySent: false });
    expect(failure.message).toContain('the exec plugin is not installed');
    await client.close();
  });

  it('may hold several lines of one header, as impersonated groups do', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const current = async () => ({ headers: { 'impersonate-user': 'a', 'impersonate-group': ['b', 'c'] } });
    const client = createClient(connectionTo(server.url, { current }));
    await client.get(ConfigMap, ref);
    // Node joins the lines it received; it was sent more than one where a comma and a space appear.
    expect(server.received[0]?.headers['impersonate-group']).toBe('b, c');
    await client.close();
  });
});

describe('the end of a call', () => {
  it('comes after its time, and the server learns of it', async () => {
    await using server = await ScriptedServer.start(() => undefined);
    const client = createClient(connectionTo(server.url));
    const failure = await failureOf(client.create(ConfigMap, created, { timeoutMs: 50 }));
    expect(failure).toMatchObject({
      name: 'TransportError',
      message: 'POST /api/v1/namespaces/default/configmaps: no answer within 50 ms',
      maySent: true,
    });
    await eventually('the stream is cancelled', () => server.received[0]?.stream.closed === true);
    await client.close();
  });

  it('comes when its caller aborts, and carries the reason', async () => {
    await using server = await ScriptedServer.start(() => undefined);
    const client = createClient(connectionTo(server.url));
    const abort = new AbortController();
    const failure = failureOf(client.create(ConfigMap, created, { signal: abort.signal }));
    await eventually('the call has arrived', () => server.received.length === 1);
    abort.abort('stopping');
    expect(await failure).toMatchObject({ name: 'TransportError', cause: 'stopping' });
    await client.close();
  });

  it('comes at once with a signal that has aborted already', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(server.url));
    const failure = await failureOf(client.get(ConfigMap, ref, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ name: 'TransportError' });
    expect(server.received).toHaveLength(0);
    await client.close();
  });

  it('is a TransportError that quotes nothing of an answer that breaks off', async () => {
    await using server = await ScriptedServer.start((request) => {
      request.stream.respond({ ':status': 200, 'content-type': 'application/json' });
      request.stream.write('{"data":{"password":"hunter2"', () => reset(request, 'NGHTTP2_CANCEL'));
    });
    const client = createClient(connectionTo(server.url), { clock: sleeplessClock(systemClock) });
    const failure = await failureOf(client.get(ConfigMap, ref));
    expect(failure).toBeInstanceOf(TransportError);
    expect(`${failure.message}${String(failure.cause)}`).not.toContain('hunter2');
    await client.close();
  });

  it('is a TransportError that quotes nothing of an answer that is not JSON', async () => {
    await using server = await ScriptedServer.start((request) => {
      request.stream.respond({ ':status': 200, 'content-type': 'application/json' });
      request.stream.end('{"data":{"password":"hunter2"');
    });
    const client = createClient(connectionTo(server.url));
    const failure = await failureOf(client.get(ConfigMap, ref));
    expect(failure).toBeInstanceOf(TransportError);
    expect(`${failure.message}${String(failure.cause)}`).not.toContain('hunter2');
    await client.close();
  });
});

describe('reaching the server', () => {
  it.each([
    { what: 'a certificate of an unknown CA', change: { certificateAuthority: async () => otherPair.cert } },
    { what: 'a certificate for another name', change: { tlsServerName: 'elsewhere.test' } },
    { what: 'a socks5 proxy', change: { proxyUrl: 'socks5://127.0.0.1:1' } },
    { what: 'a proxy that is not there', change: { proxyUrl: 'http://127.0.0.1:1' } },
    { what: 'a CA that is no certificate', change: { certificateAuthority: async () => 'nonsense' } },
  ])('fails on $what with a TransportError of a call that was never sent', async ({ change }) => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(server.url, change), { clock: sleeplessClock(systemClock) });
    const failure = await failureOf(client.get(ConfigMap, ref));
    expect(failure).toMatchObject({ name: 'TransportError', maySent: false });
    expect(failure.message).toContain(server.url);
    expect(server.received).toHaveLength(0);
    await client.close();
  });

  it('uses the TLS server name in place of the address', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(server.url, { tlsServerName: 'kubernetes.test' }));
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    await client.close();
  });

  it('trusts any certificate where the connection says so', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings), otherPair);
    const client = createClient(connectionTo(server.url, { insecureSkipTlsVerify: true }));
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    await client.close();
  });

  it('keeps the path of the server address', async () => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const client = createClient(connectionTo(`${server.url}/k8s/clusters/c-1`));
    await client.get(ConfigMap, ref);
    expect(server.received[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces/default/configmaps/settings');
    await client.close();
  });

  it('gives up connecting after its own limit', async () => {
    const silent = createTcpServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = (silent.address() as AddressInfo).port;
    const client = createClient(connectionTo(`https://127.0.0.1:${port}`), {
      clock: sleeplessClock(systemClock),
      connectTimeoutMs: 20,
    });
    const failure = await failureOf(client.get(ConfigMap, ref));
    expect(failure.message).toBe(`cannot connect to https://127.0.0.1:${port}: not connected within 20 ms`);
    await client.close();
    silent.close();
  });

  it('falls back to HTTP/1.1 where the server does not offer HTTP/2, and keeps the connection', async () => {
    let connections = 0;
    const server = createHttpsServer(servingPair, (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(settings));
    });
    server.on('secureConnection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createClient(connectionTo(`https://127.0.0.1:${(server.address() as AddressInfo).port}`));
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    expect(await client.create(ConfigMap, created)).toEqual(settings);
    expect(connections).toBe(1);
    await client.close();
    server.close();
  });

  it('speaks HTTP/1.1 without TLS to an http:// server, and sees a body that breaks off', async () => {
    const server = createHttpServer((request, response) => {
      if (request.url?.includes('watch=true')) {
        response.write(`${JSON.stringify({ type: 'ADDED', object: settings })}\n`, () => response.destroy());
      } else response.end(JSON.stringify(settings));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createClient(connectionTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    expect(await client.get(ConfigMap, ref)).toEqual(settings);
    const watch = client.watch(ConfigMap);
    expect(await watch.next()).toEqual({ done: false, value: { type: 'ADDED', object: settings } });
    expect(await failureOf(watch.next())).toBeInstanceOf(TransportError);
    await client.close();
    server.close();
  });

  it.each([
    { password: 'right', status: 200 },
    { password: 'wrong', status: 407 },
  ])('goes through a CONNECT proxy that answers $status', async ({ password, status }) => {
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const asked: string[] = [];
    const proxy = createHttpServer().on('connect', (request, near) => {
      asked.push(request.url ?? '');
      const known = request.headers['proxy-authorization'] === `Basic ${Buffer.from('me:right').toString('base64')}`;
      if (!known) return near.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const far = netConnect(server.port, '127.0.0.1', () => near.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
      near.on('error', () => far.destroy());
      return near.pipe(far).pipe(near);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const proxyUrl = `http://me:${password}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const client = createClient(connectionTo(server.url, { proxyUrl }), { clock: sleeplessClock(systemClock) });
    const outcome = await client.get(ConfigMap, ref).catch((error: unknown) => error);
    if (status === 200) expect(outcome).toEqual(settings);
    else expect(outcome).toMatchObject({ name: 'TransportError', message: expect.stringContaining('407') });
    expect(String(outcome)).not.toContain(password);
    expect(asked[0]).toBe(`127.0.0.1:${server.port}`);
    await client.close();
    proxy.close();
  });
});

describe('answers', () => {
  it('of lists are asked for and read compressed where the client is told to', async () => {
    const list = { metadata: { resourceVersion: '9' }, items: [{ metadata: { name: 'settings' } }] };
    await using server = await ScriptedServer.start((request) => {
      request.stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-encoding': 'gzip' });
      request.stream.end(gzipSync(JSON.stringify(list)));
    });
    const client = createClient(connectionTo(server.url), { compressLists: true });
    expect(await client.list(ConfigMap)).toEqual({ items: [created], resourceVersion: '9' });
    expect(server.received[0]?.headers['accept-encoding']).toBe('gzip');
    await client.close();
  });

  it('hand their warnings to the client, one by one', async () => {
    const warning = '299 - "v1beta1 is deprecated, use v1", 299 - "unknown field \\"spec.x\\""';
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings, { warning }));
    const warnings: string[] = [];
    const onWarning = (text: string, request: string) => warnings.push(`${request}: ${text}`);
    const client = createClient(connectionTo(server.url), { onWarning });
    await client.create(ConfigMap, created);
    expect(warnings).toEqual([
      'POST /api/v1/namespaces/default/configmaps: v1beta1 is deprecated, use v1',
      'POST /api/v1/namespaces/default/configmaps: unknown field "spec.x"',
    ]);
    await client.close();
  });

  it('are counted with their status and attempts, without query or body', async () => {
    const seen: unknown[] = [];
    await using server = await ScriptedServer.start((request, count) => {
      if (count === 1) refuse(request, 429, 'TooManyRequests', { 'retry-after': '1' });
      else answer(request, 200, settings);
    });
    const client = createClient(connectionTo(server.url), {
      clock: sleeplessClock(systemClock),
      onCall: (call) => seen.push(call),
    });
    await client.create(ConfigMap, created);
    const path = '/api/v1/namespaces/default/configmaps';
    const [startedAt, durationMs] = [expect.any(Number), expect.any(Number)];
    expect(seen).toEqual([{ method: 'POST', path, status: 200, attempts: 2, setbacks: [429], startedAt, durationMs }]);
    await client.close();
  });

  it('carry further headers, asked for in the context of whoever called, which never replace those that authenticate', async () => {
    const context = new AsyncLocalStorage<string>();
    await using server = await ScriptedServer.start((request) => answer(request, 200, settings));
    const current = async () => ({ headers: { authorization: 'Bearer theirs' } });
    const client = createClient(connectionTo(server.url, { current }), {
      headers: () => ({ 'x-reconcile-id': context.getStore() ?? 'none', authorization: 'Bearer mine' }),
    });
    await Promise.all(['a', 'b'].map((id) => context.run(id, () => client.get(ConfigMap, ref))));
    await client.get(ConfigMap, ref);
    expect(server.received.map(({ headers }) => headers['x-reconcile-id']).sort()).toEqual(['a', 'b', 'none']);
    for (const { headers } of server.received) expect(headers.authorization).toBe('Bearer theirs');
    await client.close();
  });
});
