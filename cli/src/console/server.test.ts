import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { FakeClock } from '@capstan/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Overview } from './api.ts';
import { ConsoleClient } from './console-client.fixture.ts';
import { Refused } from './refused.ts';
import type { PageFile } from './serve-page.ts';
import { ConsoleServer, type ConsoleServerOptions } from './server.ts';
import type { Door, Visitor } from './visitor.ts';
import { Newest } from './watch/newest.ts';

const page: ReadonlyMap<string, PageFile> = new Map([
  ['/', { contentType: 'text/html', body: Buffer.from('<p>hello') }],
]);
const session = { user: 'u', cluster: 'c', mode: 'kubeconfig', kubernetesVersion: 'v1', version: '0' } as const;
const overview = (at: string): Overview => ({ resources: [], hidden: [], at });

let newest: Newest<Overview>;
let visitor: Visitor;
let defects: unknown[];
let clock: FakeClock;
let server: ConsoleServer;

const door: Door = {
  login: 'key',
  admit: async ({ bearer }) => {
    if (bearer !== 'key') throw new Refused(401, 'who are you?');
    return visitor;
  },
};

beforeEach(async () => {
  newest = new Newest();
  defects = [];
  clock = new FakeClock();
  visitor = {
    session: async () => session,
    overviews: (signal) => newest.follow(signal),
    detail: async ({ name }) =>
      Promise.reject(name === 'defect' ? new Error('hunter2') : new Refused(404, `there is no ${name}`)),
    plan: async (manifest) => ({ changes: [], problems: [manifest], summary: '' }),
  };
  server = await start();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

function start(more: Partial<ConsoleServerOptions> = {}): Promise<ConsoleServer> {
  const onDefect = (error: unknown) => void defects.push(error);
  return ConsoleServer.start({ door, page, bind: '127.0.0.1', port: 0, clock, onDefect, ...more });
}

/** A request as no browser would make it. */
async function raw(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const asking = request(server.url, { path, headers: { authorization: 'Bearer key', ...headers } }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as documented of the event
  await text(response);
  return response.statusCode;
}

const client = () => new ConsoleClient(`${server.url}/#key=key`);

describe('the server of the console', () => {
  test('sends the files of the page and nothing else, whatever the path says', async () => {
    expect(await client().get('/')).toMatchObject({ status: 200, body: '<p>hello' });
    for (const path of ['/x', '/../package.json', '/..%2fpackage.json', '//etc/passwd', '/%00', '/constructor'])
      expect(await raw(path)).toBe(404);
  });

  test('tells the browser to load, run, frame and guess nothing', async () => {
    for (const path of ['/', '/api/session', '/nowhere']) {
      const { headers } = await client().get(path);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await client().get('/api/session')).headers.get('cache-control')).toBe('no-store');
  });

  test('answers as this machine only, unless it is public', async () => {
    expect(await raw('/', { host: 'rebound.example' })).toBe(421);
    expect(await raw('/api/session', { host: 'rebound.example' })).toBe(421);
    expect(await raw('/api/session', { host: 'localhost:9' })).toBe(200);
    await server[Symbol.asyncDispose]();
    server = await start({ isPublic: true });
    expect(await raw('/api/session', { host: 'console.example' })).toBe(200);
  });

  test('asks whoever has no good key for one', async () => {
    const refusal = { status: 401, body: { message: 'who are you?', login: 'key' } };
    for (const path of ['/api/session', '/api/stream', '/api/objects/core/pods/n/a'])
      expect(await new ConsoleClient(server.url).get(path)).toMatchObject(refusal);
    expect(await new ConsoleClient(server.url, 'other').plan('a: 1')).toMatchObject(refusal);
  });

  test('takes a manifest of 1 MiB and no more', async () => {
    const whole = 'x'.repeat(1_048_576);
    expect((await client().plan(whole)).body).toMatchObject({ problems: [whole] });
    expect(await client().plan(`${whole}x`)).toMatchObject({
      status: 413,
      body: { message: expect.stringContaining('1048576 bytes') },
    });
    expect(await client().plan('a: 1', 'text/plain')).toMatchObject({ status: 415 });
  });

  test('tells what a visitor can do something about, and keeps defects for its own output', async () => {
    expect(await client().get('/api/objects/core/pods/n/a')).toMatchObject({
      status: 404,
      body: { message: 'there is no a' },
    });
    expect(defects).toEqual([]);
    const { status, body } = await client().get('/api/objects/core/pods/n/defect');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(defects).toEqual([new Error('hunter2')]);
  });
});

describe('its stream', () => {
  test('has the newest overview first, then each that is newer, and a sign of life in between', async () => {
    newest.set(overview('1'));
    await using stream = await client().stream();
    await vi.waitFor(() => expect(stream.overviews).toEqual([overview('1')]));
    newest.set(overview('2'));
    await vi.waitFor(() => expect(stream.overviews).toHaveLength(2));
    expect(stream.text).not.toContain(': alive');
    await clock.advance(15_000);
    await vi.waitFor(() => expect(stream.text).toContain('\n\n: alive\n\n'));
  });

  test('ends with the reason when the credentials have', async () => {
    await using stream = await client().stream();
    newest.fail(new Refused(401, 'it has expired'));
    await stream.ended;
    expect(stream.refused).toEqual({ message: 'it has expired' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('ends with the server', async () => {
    await using stream = await client().stream();
    await server[Symbol.asyncDispose]();
    await stream.ended;
    expect(defects).toEqual([]);
    server = await start();
  });

  test('leaves nothing behind when the visitor goes', async () => {
    const stream = await client().stream();
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(1));
    await stream[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(0));
  });

  test('gives a slow reader the newest overview, not all that it missed', async () => {
    const large = 'x'.repeat(1_000_000);
    const told: string[] = [];
    const followed = visitor.overviews;
    visitor = {
      ...visitor,
      overviews: async function* (signal) {
        for await (const one of followed(signal)) {
          told.push(one.at.slice(0, 3));
          yield one;
        }
      },
    };
    newest.set(overview('000'));
    const asking = request(server.url, { path: '/api/stream', headers: { authorization: 'Bearer key' } }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as documented of the event
    response.pause();
    for (let index = 1; index <= 200; index += 1) {
      newest.set(overview(`${String(index).padStart(3, '0')}${large}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told.length).toBeLessThan(100);
    response.resume();
    await vi.waitFor(() => expect(told.at(-1)).toBe('200'), { timeout: 5_000 });
    asking.destroy();
  });

  test('lets go of a reader that takes nothing for a minute', async () => {
    newest.set(overview('x'.repeat(20_000_000)));
    const asking = request(server.url, { path: '/api/stream', headers: { authorization: 'Bearer key' } }).end();
    asking.on('error', () => {});
    const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as documented of the event
    response.on('error', () => {});
    response.pause();
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(2));
    await clock.advance(60_000);
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(0));
    response.resume();
  });
});
