import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import { eventually, FakeClock } from '@capstan/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { aKeptLog } from '../observed-operator.fixture.ts';
import { type HttpHandler, ObservingServer, type ObservingServerOptions } from './http-server.ts';
import { certificateSource } from './serving-certificate.ts';

const cleanup = new AsyncDisposableStack();
const opened: ObservingServer[] = [];

afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

async function serving(handler: HttpHandler, options: Partial<ObservingServerOptions> = {}) {
  const { log, lines } = aKeptLog();
  const server = new ObservingServer({ name: 'test', bindAddress: '127.0.0.1:0', handler, log, ...options });
  await server.start();
  opened.push(server);
  const url = new URL(server.url ?? '');
  return { server, url: server.url ?? '', port: Number(url.port), lines };
}

const fine: HttpHandler = () => ({ status: 200, body: 'fine\n' });

/** Sends bytes and resolves with what came back until the other side closed. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connectTcp({ host: '127.0.0.1', port }, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('a server for those who look on', () => {
  it('survives what is no HTTP, and goes on answering', async () => {
    const { url, port } = await serving(fine);
    expect(await exchange(port, '\0\x01nonsense\r\n\r\n')).toContain('400 Bad Request');
    expect(await exchange(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toContain('431');
    expect(await (await fetch(url)).text()).toBe('fine\n');
  });

  it('answers 500 when a handler throws, says nothing of why to the asker, and all of it to the log', async () => {
    const { url, lines } = await serving(() => {
      throw new Error('the reason');
    });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([500, 'it failed; the log of the operator says why\n']);
    expect(lines.at(-1)).toMatchObject({ level: 'error', err: { message: 'the reason' } });
  });

  it('names the address that it cannot have', async () => {
    const { port } = await serving(fine);
    await expect(serving(fine, { bindAddress: `127.0.0.1:${port}` })).rejects.toThrow(
      `the test server cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`,
    );
  });

  it('ends although a connection is kept open', async () => {
    const { server, url } = await serving(fine);
    await (await fetch(url)).text();
    await server.stop();
    expect(server.url).toBeUndefined();
  });

  it('says that a body is too long, however it comes', async () => {
    const { port } = await serving(async ({ body }) => ({ status: 200, body: await body() }));
    const head = 'PUT / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n';
    const long = 'x'.repeat(100_000);
    expect(await exchange(port, `${head}content-length: ${long.length}\r\n\r\n${long}`)).toContain('413 ');
    const chunk = `${long.length.toString(16)}\r\n${long}\r\n`;
    expect(await exchange(port, `${head}transfer-encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`)).toContain('413 ');
  });

  it('ends although somebody connected and never began to speak TLS', async () => {
    const certificate = certificateSource('self-made', { clock: new FakeClock(), log: aKeptLog().log });
    const { server, port } = await serving(fine, { certificate });
    const socket = connectTcp({ host: '127.0.0.1', port });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await server.stop();
    await closed;
  });
});

async function certificateFor(name: string): Promise<{ readonly certificate: string; readonly privateKey: string }> {
  const { publicKey, privateKey } = await newKeyPair();
  const subject = { commonName: name };
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const use = { kind: 'server', hosts: ['localhost'] } as const;
  const request = { subject, use, notBefore, notAfter, serialNumber: newSerialNumber() };
  return { certificate: issueCertificate(request, publicKey, { subject, privateKey }), privateKey };
}

function shownName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a certificate in files', () => {
  it('is shown anew once it was replaced, and kept while what replaces it is not whole', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'capstan-certificate-'));
    cleanup.defer(() => rm(directory, { recursive: true, force: true }));
    const [certFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
    const write = async ({ certificate, privateKey }: Awaited<ReturnType<typeof certificateFor>>) => {
      await writeFile(certFile, certificate);
      await writeFile(keyFile, privateKey);
    };
    await write(await certificateFor('first'));
    const clock = new FakeClock();
    const { log, lines } = aKeptLog();
    const { port } = await serving(fine, { certificate: certificateSource({ certFile, keyFile }, { clock, log }) });
    expect(await shownName(port)).toBe('first');

    const second = await certificateFor('second');
    await writeFile(certFile, second.certificate);
    await clock.advance(60_000);
    await eventually(() => expect(lines.at(-1)?.['msg']).toContain('the old one stays in use'));
    expect(await shownName(port)).toBe('first');

    await write(second);
    await eventually(async () => {
      await clock.advance(60_000);
      expect(await shownName(port)).toBe('second');
    });
    await cleanup.disposeAsync();
  });

  it('that is not there is named', async () => {
    const options = { clock: new FakeClock(), log: aKeptLog().log };
    const certificate = certificateSource({ certFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' }, options);
    await expect(serving(fine, { certificate })).rejects.toThrow('/nowhere/tls');
  });
});
