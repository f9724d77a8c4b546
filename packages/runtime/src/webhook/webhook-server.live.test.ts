import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { systemClock } from '@capstan/kube';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Feed } from '../feed.ts';
import { renewal } from './certificates/renewal.ts';
import type { ServingMaterial } from './certificates/serving-material.ts';
import { validating } from './validating.ts';
import { converting } from './webhook.ts';
import { type WebhookCall, webhookEndpoints } from './webhook-endpoints.ts';
import { WebhookServer } from './webhook-server.ts';
import { keptLog } from './webhooks.fixture.ts';

const kind = { group: 'example.dev', version: 'v1', kind: 'Cache', plural: 'caches', namespaced: true };
const path = '/validate/example.dev/v1/caches';
const { log } = keptLog();
let material: ServingMaterial;
let later: ServingMaterial;
let server: WebhookServer;
let release: () => void;
let asked: Promise<void>;
const calls: WebhookCall[] = [];

beforeAll(async () => {
  const hosts = ['127.0.0.1'];
  const made = await renewal({ trusted: [] }, { name: 'cache', hosts, now: Date.now() });
  if (made === undefined) throw new Error('nothing was made');
  material = made;
  later = (await renewal(made, { name: 'cache', hosts: ['127.0.0.1', 'later.svc'], now: Date.now() })) ?? made;
});

beforeEach(async () => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  release = held.resolve;
  asked = reached.promise;
  const feed = new Feed<WebhookCall>(() => {});
  feed.subscribe((call) => calls.push(call));
  const judge = async ({ metadata }: { metadata: { name: string } }) => {
    if (metadata.name === 'slow') {
      reached.resolve();
      await held.promise;
    }
    return metadata.name === 'bad' ? [{ path: 'metadata.name', message: 'must be better' }] : [];
  };
  const kinds = { ...kind, convert: (object: object) => object };
  const webhooks = [validating(kind, judge), converting(kinds)];
  const endpoints = webhookEndpoints({ webhooks, calls: feed, log, clock: systemClock });
  server = new WebhookServer({ bindAddress: '127.0.0.1:0', log, endpoints });
  await server.start();
  server.use(material.leaf);
});
afterEach(() => {
  release();
  return server.stop();
});
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

interface Sent {
  readonly method?: string;
  readonly at?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

function send({ method = 'POST', at = path, headers = { 'content-type': 'application/json' }, body = '' }: Sent) {
  return new Promise<{ status: number; text: string; connection: string | undefined }>((resolve, reject) => {
    const ca = material.trusted.join('');
    const sent = request(
      { host: '127.0.0.1', port: server.port, path: at, method, headers, ca, agent },
      async (answer) => {
        let text = '';
        for await (const chunk of answer.setEncoding('utf8')) text += chunk;
        resolve({ status: answer.statusCode ?? 0, text, connection: answer.headers.connection });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function review(name: string): string {
  const object = { apiVersion: 'example.dev/v1', kind: 'Cache', metadata: { name }, spec: {} };
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: `uid-of-${name}`, operation: 'CREATE', name, object },
  });
}

describe('the webhook server', () => {
  it('answers a review with its uid', async () => {
    const { status, text } = await send({ body: review('good') });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'uid-of-good', allowed: true },
    });
    expect(calls.at(-1)).toMatchObject({ webhook: path, code: 200, outcome: 'allowed' });
  });

  it('refuses an object in an answer that is no failure of its own', async () => {
    const { status, text } = await send({ body: review('bad') });
    expect(status).toBe(200);
    expect(JSON.parse(text).response).toMatchObject({ allowed: false, status: { code: 422, reason: 'Invalid' } });
    expect(calls.at(-1)).toMatchObject({ code: 200, outcome: 'denied' });
  });

  it.each<[what: string, sent: Sent, status: number, sentence: string]>([
    [
      'another path',
      { at: '/validate/other', body: review('a') },
      404,
      'there are /validate/example.dev/v1/caches, /convert',
    ],
    ['another method', { method: 'GET' }, 405, 'GET is not done here'],
    ['another type', { headers: { 'content-type': 'text/plain' }, body: review('a') }, 415, 'application/json'],
    ['no JSON', { body: '{' }, 400, 'the body is no JSON'],
    ['no review', { body: '[]' }, 400, 'the body must be admission.k8s.io/v1, AdmissionReview'],
    ['a review of another version', { body: review('a').replace('/v1"', '/v1beta1"') }, 400, 'admission.k8s.io/v1'],
    ['a review without a uid', { body: review('a').replace('uid-of-a', '') }, 400, 'request.uid'],
    ['a review of no operation', { body: review('a').replace('CREATE', 'LOOK') }, 400, 'request.operation'],
    ['a review of no object', { body: review('a').replace('"metadata":{"name":"a"}', '"x":1') }, 400, 'request.object'],
    ['a conversion of nothing', { at: '/convert', body: review('a') }, 400, 'ConversionReview'],
    ['too much', { body: Buffer.alloc(7 * 2 ** 20 + 1, 'a') }, 413, 'longer than 7340032 bytes'],
    [
      'too much, of which it does not know how much',
      {
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        body: Buffer.alloc(8 * 2 ** 20, 'a'),
      },
      413,
      'longer than 7340032 bytes',
    ],
  ])('says what is wrong with a request: %s', async (_what, sent, status, sentence) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence);
    expect((await send({ body: review('good') })).status).toBe(200);
  });

  it('lets go of whoever sends a header and never its end', async () => {
    const socket = connect({ host: '127.0.0.1', port: server.port ?? 0, ca: material.trusted.join('') });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await send({ body: review('good') })).status).toBe(200);
  }, 15_000);

  it('shows a new certificate to new connections, and goes on with those it has', async () => {
    const shown = (socket: import('node:tls').TLSSocket) => socket.getPeerX509Certificate()?.subjectAltName;
    const first = connect({ host: '127.0.0.1', port: server.port ?? 0, ca: material.trusted.join('') });
    await once(first, 'secureConnect');
    server.use(later.leaf);
    const second = connect({ host: '127.0.0.1', port: server.port ?? 0, ca: material.trusted.join('') });
    await once(second, 'secureConnect');
    expect([shown(first), shown(second)]).toEqual(['IP Address:127.0.0.1', 'IP Address:127.0.0.1, DNS:later.svc']);
    first.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    expect(String(await once(first, 'data'))).toContain('404');
    second.destroy();
  });

  it('answers what it was asked before it was stopped', async () => {
    const slow = send({ body: review('slow') });
    await asked;
    const stopped = server.stop();
    release();
    expect(await slow).toMatchObject({ status: 200, connection: 'close' });
    await stopped;
  });

  it('stops although somebody connected and says nothing', async () => {
    const silent = connectPlain({ host: '127.0.0.1', port: server.port ?? 0 });
    silent.on('error', () => {});
    const closed = once(silent, 'close');
    await once(silent, 'connect');
    // The server has taken the connection once it has answered a later one.
    await send({ body: review('good') });
    await server.stop();
    await closed;
  });

  it('says which address it cannot listen on', async () => {
    const other = new WebhookServer({ bindAddress: `127.0.0.1:${server.port}`, log, endpoints: [] });
    await expect(other.start()).rejects.toThrow(`the webhook server cannot listen on 127.0.0.1:${server.port}`);
    await other.stop();
  });
});
