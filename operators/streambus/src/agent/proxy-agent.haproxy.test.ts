import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KeyedCertificate } from '@capstan/pki';
import { eventually } from '@capstan/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderAccessFiles } from '../proxy/access-files.ts';
import { describeHaproxy, RunningHaproxy, tlsVolumeFiles, triedVersions } from '../proxy/haproxy.fixture.ts';
import { someSettings } from '../proxy/some-settings.fixture.ts';
import { type TestAuthority, testAuthority } from '../proxy/test-authority.fixture.ts';
import { EchoedConnection, refusalOf } from '../proxy/tls-client.fixture.ts';
import { ProxyAgent } from './proxy-agent.ts';
import { runtimeSocket } from './runtime-socket.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let authority: TestAuthority;
let next: TestAuthority;
let server: KeyedCertificate;
let renewed: KeyedCertificate;
let alice: KeyedCertificate;
let bob: KeyedCertificate;

beforeAll(async () => {
  [authority, next] = await Promise.all([testAuthority('ours'), testAuthority('the next')]);
  [server, renewed] = await Promise.all([authority.server(), authority.server()]);
  [alice, bob] = await Promise.all([authority.client('alice'), authority.client('bob')]);
});

const main = fileURLToPath(new URL('main.ts', import.meta.url));

describeHaproxy(triedVersions, (version) => {
  let haproxy: RunningHaproxy;
  let agent: ProxyAgent;
  let logged: string[];
  let nowMs: number;

  const settings = (names: readonly string[], maxConnections = 10) =>
    someSettings({
      ...{ version, clientPort: haproxy.clientPort, readyPort: haproxy.settings.readyPort },
      access: { defaultPolicy: 'deny', names },
      tenants: { defaults: { maxConnections }, overrides: [] },
    });

  beforeEach(async () => {
    haproxy = await RunningHaproxy.start({
      settings: (ports) =>
        someSettings({
          ...{ version, ...ports, access: { defaultPolicy: 'deny', names: ['alice'] } },
          tenants: { defaults: { maxConnections: 10 }, overrides: [] },
        }),
      tls: tlsVolumeFiles(server, authority.certificate),
    });
    logged = [];
    nowMs = Date.now();
    agent = newAgent();
    await agent.look();
  });

  afterEach(() => haproxy[Symbol.asyncDispose]());

  const newAgent = () =>
    new ProxyAgent({
      ...{ tlsDirectory: haproxy.directories.tls, accessDirectory: haproxy.directories.access },
      ...{ socketPath: haproxy.socketPath, socket: runtimeSocket(haproxy.socketPath) },
      master: runtimeSocket(haproxy.masterPath),
      clock: { now: () => nowMs, sleep: () => Promise.reject(new Error('nobody waits here')) },
      log: (level, message) => logged.push(`${level} ${message.replaceAll(haproxy.root, '')}`),
    });

  /** With a chain of more than HAProxy takes in one command. */
  const long = (pair: KeyedCertificate): KeyedCertificate => ({
    ...pair,
    certificate: pair.certificate + authority.certificate.repeat(40),
  });

  const dialled = (as: KeyedCertificate) => ({ port: haproxy.clientPort, authority: authority.certificate, as });
  const open = (as: KeyedCertificate) => EchoedConnection.open(dialled(as));

  const worker = () =>
    runtimeSocket(haproxy.socketPath)
      .ask('show info')
      .then((info) => /^Pid: \d+$/m.exec(info)?.[0]);

  /** Looks once more at a new worker, where one was needed. */
  async function lookUntilSettled(): Promise<void> {
    const before = await worker();
    logged = [];
    await agent.look();
    if (!logged.some((line) => line.includes('starts a new worker'))) return;
    await eventually(async () => expect(await worker()).not.toBe(before));
    nowMs += 60_000;
    await agent.look();
  }

  /** Opens a connection as soon as HAProxy takes it; meanwhile the agent looks on, as it does all the time. */
  const openSoon = (as: KeyedCertificate) =>
    eventually(async () => {
      try {
        return await open(as);
      } catch (error) {
        nowMs += 60_000;
        await agent.look();
        throw error;
      }
    });

  describe('with the agent', () => {
    it('has everything that is mounted, from the first look on', () => {
      const access = Object.keys(renderAccessFiles(haproxy.settings)).map((name) => `/access/${name}`);
      expect(logged.sort()).toEqual(
        ['/tls/tls.pem', '/tls/ca.crt', ...access]
          .map((path) => `info HAProxy has ${path} as it is mounted now`)
          .sort(),
      );
    });

    it('shows a renewed certificate to new connections, and leaves those alone that are open', async () => {
      const before = await open(alice);
      haproxy.tls.replace(tlsVolumeFiles(renewed, authority.certificate));
      await agent.look();
      const after = await open(alice);
      expect(after.serverSerial).not.toBe(before.serverSerial);
      await before.echo('still there');
    });

    it('keeps its certificate when the next one does not fit its key', async () => {
      const before = await open(alice);
      haproxy.tls.replace(tlsVolumeFiles({ ...renewed, privateKey: server.privateKey }, authority.certificate));
      await agent.look();
      expect((await open(alice)).serverSerial).toBe(before.serverSerial);
      expect(logged.at(-2)).toMatch(/^error \/tls\/tls.pem .*tls.pem.key: the key does not belong/);
    });

    it('trusts who is trusted now, and no longer who was, not even a client that has been there', async () => {
      const before = await open(alice);
      haproxy.tls.replace(tlsVolumeFiles(server, next.certificate));
      await agent.look();
      await (await open(await next.client('alice'))).close();
      expect(await refusalOf(dialled(alice))).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
      await before.echo('still there');
    });

    it('goes on taking both certificates and authorities, however often they change', async () => {
      const before = await open(alice);
      const serials = new Set([before.serverSerial]);
      for (const signer of [next, authority, next, authority]) {
        haproxy.tls.replace(tlsVolumeFiles(await authority.server(), signer.certificate));
        await lookUntilSettled();
        const connection = await openSoon(await signer.client('alice'));
        serials.add(connection.serverSerial);
      }
      expect(serials.size).toBe(5);
      await before.echo('still there');
    });

    it('has a certificate that is too long for a command read by one new worker, and no other', async () => {
      const before = await open(alice);
      haproxy.tls.replace(tlsVolumeFiles(long(renewed), authority.certificate));
      await lookUntilSettled();
      // The old worker takes connections until it is told that the new one does.
      await eventually(async () => {
        const after = await open(alice);
        const serial = after.serverSerial;
        await after.close();
        expect(serial).not.toBe(before.serverSerial);
      });
      const present = await worker();
      logged = [];
      for (const one of [agent, newAgent(), agent]) {
        for (let look = 0; look < 5; look += 1) {
          nowMs += 60_000;
          await one.look();
        }
      }
      expect(await worker()).toBe(present);
      expect(logged.filter((line) => !line.startsWith('info'))).toEqual([]);
      await before.echo('still there');
    });

    it('takes other authorities beside such a certificate, however often', async () => {
      const before = await open(alice);
      for (const signer of [next, authority, next]) {
        haproxy.tls.replace(tlsVolumeFiles(long(renewed), signer.certificate));
        await lookUntilSettled();
        const client = await signer.client('alice');
        await (await openSoon(client)).close();
      }
      await before.echo('still there');
    });

    it('keeps its worker when the next one would not start, and asks for that once', async () => {
      const present = await worker();
      haproxy.tls.replace(tlsVolumeFiles(long(renewed), authority.certificate));
      writeFileSync(`${haproxy.directories.config}/haproxy.cfg`, 'nonsense');
      for (let look = 0; look < 5; look += 1) {
        nowMs += 60_000;
        await agent.look();
      }
      expect(await worker()).toBe(present);
      expect(logged.filter((line) => /starts (no|a) new worker/.test(line))).toHaveLength(1);
      expect(logged.at(-1)).toMatch(/no new worker has come$/);
      await open(alice);
    });

    it('lets in who is named now, and no longer who was', async () => {
      const before = await open(alice);
      haproxy.access.replace(renderAccessFiles(settings(['bob'])));
      await agent.look();
      await (await open(bob)).close();
      expect(await refusalOf(dialled(alice))).toBe('closed');
      await before.echo('still there');
    });

    it('takes a list of thousands of names', async () => {
      const names = Array.from({ length: 3000 }, (_, index) => `tenant ${index}`);
      haproxy.access.replace(renderAccessFiles(settings([...names, 'bob'])));
      await agent.look();
      await (await open(bob)).close();
      const list = `${haproxy.directories.access}/allowed-names.lst`;
      const shown = await runtimeSocket(haproxy.socketPath).ask(`show acl ${list}`);
      expect(shown.match(/^0x/gm)).toHaveLength(3001);
    });

    it('holds tenants to their limits of now', async () => {
      haproxy.access.replace(renderAccessFiles(settings(['alice'], 1)));
      await agent.look();
      const first = await open(alice);
      expect(await refusalOf(dialled(alice))).toBe('closed');
      haproxy.access.replace(renderAccessFiles(settings(['alice'], 2)));
      await agent.look();
      await open(alice);
      await first.echo('still there');
    });

    it('gets everything again after it was started anew', async () => {
      await haproxy.end();
      await agent.look();
      await haproxy.run();
      logged = [];
      await agent.look();
      expect(logged).toContain('info HAProxy has /tls/tls.pem as it is mounted now');
      await open(alice);
    });

    it('is told of a list that it does not have, and the agent of its answer', async () => {
      haproxy.access.replace({ ...renderAccessFiles(settings(['bob'])), 'denied-names.lst': 'x\n' });
      await agent.look();
      expect(logged.filter((line) => line.startsWith('error'))).toEqual([
        expect.stringMatching(
          /denied-names.lst is tried again: HAProxy refused "prepare acl \/access\/denied-names.lst": Unknown ACL identifier/,
        ),
      ]);
      await (await open(bob)).close();
    });
  });

  it('is kept up to date by a process that ends at once when it is told to', async () => {
    const { tls, access, run } = haproxy.directories;
    const child = spawn(process.execPath, [main, '--tls', tls, '--access', access, '--run', run]);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    try {
      await eventually(() => expect(output).toContain('allowed-names.lst as it is mounted now'));
      haproxy.access.replace(renderAccessFiles(settings(['bob'])));
      await eventually(() => open(bob));
    } finally {
      child.kill('SIGTERM');
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const line of output.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: 'info', time: expect.any(String), msg: expect.any(String) });
  });
});
