import { createPrivateKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestAuthority, testAuthority } from '../proxy/test-authority.fixture.ts';
import { checkAuthorities, checkServerPair } from './certificate-check.ts';

let authority: TestAuthority;

beforeAll(async () => {
  authority = await testAuthority('ours');
});

const now = Date.now();

describe("a server's certificate and key", () => {
  it('are usable with a chain, and become one text without blank lines', async () => {
    const pair = await authority.server();
    const checked = checkServerPair(
      `a remark\n\n${pair.certificate}\n\n${authority.certificate}`,
      pair.privateKey,
      now,
    );
    expect(checked).toEqual({
      kind: 'Usable',
      pem: [pair.certificate, authority.certificate, pair.privateKey].map((pem) => pem.trim()).join('\n'),
      about: { serial: expect.stringMatching(/^[0-9A-F]+$/), expires: expect.stringMatching(/Z$/) },
    });
  });

  it('are usable with line ends of Windows', async () => {
    const { certificate, privateKey } = await authority.server();
    const [crlf, key] = [certificate, privateKey].map((pem) => pem.replaceAll('\n', '\r\n'));
    const checked = checkServerPair(crlf ?? '', key ?? '', now);
    expect(checked).toMatchObject({ kind: 'Usable', pem: `${certificate}${privateKey}`.trim() });
  });

  it('are refused when they do not belong together', async () => {
    const [one, other] = [await authority.server(), await authority.server()];
    expect(checkServerPair(one.certificate, other.privateKey, now)).toEqual({
      kind: 'Unusable',
      file: 'tls.pem.key',
      reason: 'the key does not belong to the certificate',
    });
  });

  it.each([
    [{ fromDay: -2, toDay: -1 }, /^expired at 2/],
    [{ fromDay: 1, toDay: 2 }, /^not valid before 2/],
  ])('are refused outside their time: %j', async (validity, reason) => {
    const { certificate, privateKey } = await authority.server(validity);
    expect(checkServerPair(certificate, privateKey, now)).toEqual({
      kind: 'Unusable',
      file: 'tls.pem',
      reason: expect.stringMatching(reason),
    });
  });

  it('are refused when either cannot be read, and the reason has nothing of them', async () => {
    const { certificate, privateKey } = await authority.server();
    const torn = (pem: string) => pem.replace(/[A-Za-z0-9+/=\n]{80}(?=\n-----END)/, '');
    const locked = createPrivateKey(privateKey)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' })
      .toString();
    const unreadable = 'no certificate can be read from it';
    const keyless = 'no private key without a password can be read from it';
    expect(checkServerPair('', privateKey, now)).toMatchObject({ file: 'tls.pem', reason: unreadable });
    expect(checkServerPair(torn(certificate), privateKey, now)).toMatchObject({ file: 'tls.pem', reason: unreadable });
    for (const key of ['', torn(privateKey), certificate, locked])
      expect(checkServerPair(certificate, key, now)).toMatchObject({ file: 'tls.pem.key', reason: keyless });
  });
});

describe('the authorities of clients', () => {
  it('are usable when there are several', async () => {
    const other = await testAuthority('another');
    expect(checkAuthorities(authority.certificate + other.certificate)).toEqual({
      kind: 'Usable',
      pem: `${authority.certificate}${other.certificate}`.trim(),
      about: { certificates: '2' },
    });
  });

  it.each(['', 'nothing', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'are refused when they are %j',
    (text) => {
      expect(checkAuthorities(text)).toEqual({
        kind: 'Unusable',
        file: 'ca.crt',
        reason: 'no certificates can be read from it',
      });
    },
  );
});
