import type { KeyedCertificate } from '@capstan/pki';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeHaproxy, RunningHaproxy, tlsVolumeFiles, triedVersions } from './haproxy.fixture.ts';
import type { AccessPolicy, TenantPolicy } from './proxy-settings.ts';
import { encryptionOnly, someSettings } from './some-settings.fixture.ts';
import { hasOpenssl, type TestAuthority, testAuthority } from './test-authority.fixture.ts';
import { EchoedConnection, refusalOf } from './tls-client.fixture.ts';
import { featuresOf, type HaproxyVersion } from './version-features.ts';

if (!hasOpenssl)
  console.warn('no openssl on this machine: it is not shown what unusual names in certificates do to HAProxy');

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let authority: TestAuthority;
let stranger: TestAuthority;
let server: KeyedCertificate;
let alice: KeyedCertificate;
let bob: KeyedCertificate;

interface Wanted {
  readonly maxConnections?: number;
  readonly access?: AccessPolicy;
  readonly tenants?: TenantPolicy;
}

function start(version: HaproxyVersion, wanted: Wanted = {}): Promise<RunningHaproxy> {
  return RunningHaproxy.start({
    settings: (ports) => someSettings({ version, ...ports, ...wanted }),
    tls: tlsVolumeFiles(server, authority.certificate),
  });
}

function dialled(haproxy: RunningHaproxy, as?: KeyedCertificate) {
  return { port: haproxy.clientPort, authority: authority.certificate, ...(as !== undefined && { as }) };
}

const open = (haproxy: RunningHaproxy, as?: KeyedCertificate) => EchoedConnection.open(dialled(haproxy, as));
const refusal = (haproxy: RunningHaproxy, as?: KeyedCertificate) => refusalOf(dialled(haproxy, as));

beforeAll(async () => {
  [authority, stranger] = await Promise.all([testAuthority('ours'), testAuthority('another')]);
  [server, alice, bob] = await Promise.all([authority.server(), authority.client('alice'), authority.client('bob')]);
});

/** What a name may try to break out of: lines, quotes, words, comments, variables. */
const roughNames = ['a\nb', 'a b', '"', "'", '#', `\${POD_IP}`, '\\', '; quit', 'ü', '%', '!broker', '*', 'DNS:x\ny'];

describeHaproxy(triedVersions, (version) => {
  describe('with names, tenants and limits', () => {
    let haproxy: RunningHaproxy;

    beforeAll(async () => {
      haproxy = await start(version, {
        maxConnections: 50,
        access: { defaultPolicy: 'deny', names: ['alice', ...roughNames] },
        tenants: {
          defaults: { maxConnections: 5, maxBandwidthMBps: 100 },
          overrides: roughNames.map((name, index) => ({ name, limits: { maxBandwidthMBps: index + 1 } })),
        },
      });
    });

    afterAll(() => haproxy[Symbol.asyncDispose]());

    it('finds nothing wrong with its configuration', () => {
      const { isValid, output } = haproxy.check();
      expect({ isValid, output: output.replaceAll(/^\[NOTICE\].*\n/gm, '') }).toEqual({ isValid: true, output: '' });
    });

    it('brings a client with a good certificate to the broker', async () => {
      const connection = await open(haproxy, alice);
      expect(connection.protocol).toBe('TLSv1.3');
      await connection.close();
    });

    it('speaks TLS 1.2 too', async () => {
      const more = { maxVersion: 'TLSv1.2' } as const;
      const connection = await EchoedConnection.open({ ...dialled(haproxy, alice), more });
      expect(connection.protocol).toBe('TLSv1.2');
      await connection.close();
    });

    it('refuses TLS 1.1', async () => {
      const more = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      const code = await refusalOf({ ...dialled(haproxy, alice), more });
      expect(code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    });

    it('refuses a client without a certificate', async () => {
      expect(await refusal(haproxy)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    });

    it('refuses a certificate of another authority', async () => {
      expect(await refusal(haproxy, await stranger.client('alice'))).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
    });

    it('closes the connection of a client that is not named', async () => {
      expect(await refusal(haproxy, bob)).toBe('closed');
    });

    it.skipIf(!hasOpenssl)('lets in names that are no single word', async () => {
      for (const subject of ['/CN=a b', '/CN=ü', `/CN=\${POD_IP}`, "/CN='", '/CN=; quit']) {
        const connection = await open(haproxy, authority.unusualClient(subject, []));
        await connection.close();
      }
    });

    it.skipIf(!hasOpenssl)(
      'closes the connection of a client whose name is only a part of a named one, or more',
      async () => {
        for (const subject of ['/CN=a', '/CN=alice2', '/CN=Alice', '/CN=alice ', '/O=alice', '/CN=!unnamed'])
          expect([subject, await refusal(haproxy, authority.unusualClient(subject, []))]).toEqual([subject, 'closed']);
      },
    );
  });

  it('keeps out whom the policy names, where others are let in', async () => {
    await using haproxy = await start(version, { access: { defaultPolicy: 'allow', names: ['bob'] } });
    expect(await refusal(haproxy, bob)).toBe('closed');
    await (await open(haproxy, alice)).close();
  });

  it('asks for no certificate where it only encrypts', async () => {
    await using haproxy = await RunningHaproxy.start({
      settings: (ports) => encryptionOnly({ version, ...ports }),
      tls: tlsVolumeFiles(server, authority.certificate),
    });
    await (await open(haproxy)).close();
    await (await open(haproxy, await stranger.client('alice'))).close();
  });

  it('closes what is above the limit of a tenant, and lets in again when one has gone', async () => {
    const overrides = [{ name: 'alice', limits: { maxConnections: 2 } }];
    await using haproxy = await start(version, { tenants: { defaults: { maxConnections: 1 }, overrides } });
    const [first] = [await open(haproxy, alice), await open(haproxy, alice)];
    await open(haproxy, bob);
    expect([await refusal(haproxy, alice), await refusal(haproxy, bob)]).toEqual(['closed', 'closed']);
    await first?.close();
    await eventually(() => open(haproxy, alice));
  });

  it.skipIf(!hasOpenssl)('counts clients without a name as one tenant', async () => {
    await using haproxy = await start(version, { tenants: { defaults: { maxConnections: 1 }, overrides: [] } });
    const [one, other] = ['a', 'b'].map((name) => authority.unusualClient(`/O=${name}`, []));
    await open(haproxy, one);
    expect(await refusal(haproxy, other)).toBe('closed');
  });

  it('closes what is above the limit of the broker, whoever it is', async () => {
    await using haproxy = await start(version, { maxConnections: 2 });
    const connections = [await open(haproxy, alice), await open(haproxy, bob)];
    expect(await refusal(haproxy, alice)).toBe('closed');
    for (const connection of connections) await connection.echo('still there');
  });

  it('says within seconds that the broker has gone, and that it is back', async () => {
    await using haproxy = await start(version);
    await eventually(async () => expect((await haproxy.get('/ready')).status).toBe(200));
    await haproxy.broker.stop();
    await eventually(async () => expect((await haproxy.get('/ready')).status).toBe(503));
    await haproxy.broker.start(haproxy.clientPort);
    await eventually(async () => expect((await haproxy.get('/ready')).status).toBe(200));
  });

  it('has metrics beside readiness, and nothing else', async () => {
    await using haproxy = await start(version);
    expect((await haproxy.get('/metrics')).body).toContain('haproxy_server_status{proxy="broker",server="broker"');
    expect((await haproxy.get('/')).status).toBe(404);
  });
});

const withBandwidth = triedVersions.filter((version) => featuresOf(version).bandwidthLimits);

describeHaproxy(withBandwidth, (version) => {
  it('slows down all connections of a limited tenant together, and no other', async () => {
    const overrides = [{ name: 'alice', limits: { maxBandwidthMBps: 1 } }];
    await using haproxy = await start(version, { tenants: { defaults: {}, overrides } });
    const megabyte = new Uint8Array(1_048_576);
    const timeOf = async (as: KeyedCertificate) => {
      const connections = [await open(haproxy, as), await open(haproxy, as)];
      const before = performance.now();
      await Promise.all(connections.map((connection) => connection.echo(megabyte)));
      return performance.now() - before;
    };
    const [limited, unlimited] = [await timeOf(alice), await timeOf(bob)];
    // 2 MB at 1 MB/s, of which the first second may be had at once; a busy machine only makes it longer.
    expect(limited).toBeGreaterThan(900);
    expect(unlimited).toBeLessThan(limited);
  });
});

const withAlternativeNames = triedVersions.filter((version) => featuresOf(version).subjectAlternativeNames);

describeHaproxy(withAlternativeNames, (version) => {
  describe.skipIf(!hasOpenssl)('with alternative names', () => {
    const names = ['DNS:carol.clients', 'URI:spiffe://acme/carol', 'URI:spiffe://acme/a,b'];
    let haproxy: RunningHaproxy;

    beforeAll(async () => {
      haproxy = await start(version, { access: { defaultPolicy: 'deny', names } });
    });

    afterAll(() => haproxy[Symbol.asyncDispose]());

    it.each([
      [['DNS:carol.clients']],
      [['DNS:first', 'DNS:carol.clients', 'DNS:last']],
      [['email:carol@acme', 'URI:spiffe://acme/carol', 'IP:10.0.0.1']],
      [['IP:10.0.0.1', 'DNS:carol.clients', 'RID:1.2.3.4']],
      [['RID:1.2.3.4', 'DNS:carol.clients', 'otherName:1.2.3.4;UTF8:x']],
      [['URI:spiffe://acme/a,b']],
    ])('lets in %j', async (alternativeNames) => {
      await (await open(haproxy, authority.unusualClient('/CN=whoever', alternativeNames))).close();
    });

    it.each([
      ['/CN=whoever', []],
      ['/CN=DNS:carol.clients', []],
      ['/CN=carol.clients', []],
      ['/CN=whoever', ['DNS:carol.clients.evil']],
      ['/CN=whoever', ['DNS:xcarol.clients']],
      ['/CN=whoever', ['email:carol.clients']],
      ['/CN=whoever', ['URI:spiffe://acme/carol/x']],
      ['/CN=whoever', ['URI:spiffe://acme/carol, x']],
      ['/CN=whoever', ['URI:spiffe://x, DNS:carol.clients']],
      ['/CN=whoever', ['URI:spiffe://acme/carol, email:x']],
      ['/CN=whoever', ['URI:spiffe://acme/carol, othername:x']],
      ['/CN=whoever', ['URI:x|DNS:carol.clients|']],
      ['/CN=whoever', ['URI:x%7CDNS%3Acarol.clients%7C']],
    ])('keeps out %s with %j', async (subject, alternativeNames) => {
      expect(await refusal(haproxy, authority.unusualClient(subject, alternativeNames))).toBe('closed');
    });
  });
});
