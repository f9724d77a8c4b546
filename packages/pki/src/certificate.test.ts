import { createPrivateKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CertificateUse, issueCertificate, newKeyPair, type Subject } from './certificate.ts';

const NOT_BEFORE = new Date('2026-01-02T03:04:05Z');
const AUTHORITY: Subject = { commonName: 'authority' };
const authorityKeys = await newKeyPair();
const keys = await newKeyPair();

function issue(
  subject: Subject,
  use: CertificateUse,
  overrides: { notAfter?: Date; serialNumber?: bigint } = {},
): X509Certificate {
  const request = {
    subject,
    use,
    notBefore: NOT_BEFORE,
    notAfter: new Date('2036-01-02T03:04:05Z'),
    serialNumber: 7n,
    ...overrides,
  };
  const publicKey = use.kind === 'authority' ? authorityKeys.publicKey : keys.publicKey;
  return new X509Certificate(
    issueCertificate(request, publicKey, { subject: AUTHORITY, privateKey: authorityKeys.privateKey }),
  );
}

const authority = issue(AUTHORITY, { kind: 'authority' });

describe('an authority', () => {
  test('is one, and signs itself', () => {
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(authority.subject).toBe('CN=authority');
  });
});

describe('a client certificate', () => {
  const client = issue({ commonName: 'jane', organizations: ['team-b', 'team-a'] }, { kind: 'client' });

  test('carries the user as common name and each group as organization', () => {
    expect(client.subject).toBe('O=team-b\nO=team-a\nCN=jane');
  });
  test('may be used by clients only', () => {
    expect(client.ca).toBe(false);
    expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });
  test('is signed by the authority for its own key', () => {
    expect(client.checkIssued(authority)).toBe(true);
    expect(client.verify(authority.publicKey)).toBe(true);
    expect(client.checkPrivateKey(createPrivateKey(keys.privateKey))).toBe(true);
  });
  test('is valid between the times given', () => {
    expect([client.validFromDate, client.validToDate]).toEqual([NOT_BEFORE, new Date('2036-01-02T03:04:05Z')]);
  });
  test('may be valid beyond 2049, where the notation of time changes', () => {
    const notAfter = new Date('2061-12-31T23:59:59Z');
    expect(issue({ commonName: 'x' }, { kind: 'client' }, { notAfter }).validToDate).toEqual(notAfter);
  });
});

describe('a serving certificate', () => {
  const server = issue({ commonName: 'api' }, { kind: 'server', hosts: ['127.0.0.1', 'kubernetes.default.svc'] });

  test('is valid for its hosts and no other', () => {
    expect(server.subjectAltName).toBe('IP Address:127.0.0.1, DNS:kubernetes.default.svc');
    expect([
      server.checkIP('127.0.0.1'),
      server.checkHost('kubernetes.default.svc'),
      server.checkHost('example.com'),
    ]).toEqual(['127.0.0.1', 'kubernetes.default.svc', undefined]);
  });
  test('may be used by servers only', () => {
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });
});

test('any serial number and any name come out as they went in', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 64 })
    .filter((text) => /^[\p{L}\p{N}:.-]+$/u.test(text));
  const serial = fc.bigInt({ min: 1n, max: 2n ** 127n - 1n });
  fc.assert(
    fc.property(name, serial, (commonName, serialNumber) => {
      const certificate = issue({ commonName }, { kind: 'client' }, { serialNumber });
      expect(BigInt(`0x${certificate.serialNumber}`)).toBe(serialNumber);
      expect(certificate.toLegacyObject().subject.CN).toBe(commonName);
    }),
    { numRuns: 200 },
  );
});

test('a host that is an IPv6 address is refused, for it would be written as a DNS name', () => {
  expect(() => issue({ commonName: 'api' }, { kind: 'server', hosts: ['::1'] })).toThrow(/IPv6 address '::1'/);
});
