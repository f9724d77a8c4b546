import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authority, type KeyMaterial, servingPair } from './key-material.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const [notBefore, notAfter] = [new Date('2026-01-01T00:00:00Z'), new Date('2027-01-01T00:00:00Z')];
const subject = { commonName: 'orders' };
const [keys, others] = [await newKeyPair(), await newKeyPair()];
const request = { subject, use: { kind: 'authority' }, notBefore, notAfter, serialNumber: newSerialNumber() } as const;
const certificate = issueCertificate(request, keys.publicKey, { subject, privateKey: keys.privateKey });
const good = { 'tls.crt': certificate, 'tls.key': keys.privateKey, 'ca.crt': certificate };

const pair = (data: Readonly<Record<string, string>>, at = now) => servingPair(new Map(Object.entries(data)), at);
const ca = (data: Readonly<Record<string, string>>, at = now) => authority(new Map(Object.entries(data)), at);

describe('a certificate and its key', () => {
  it('are fine until they expire', () => {
    expect(pair(good)).toEqual({ notAfter: notAfter.getTime() });
  });

  it('are fine with the certificates of those who signed it behind its own', () => {
    expect(pair({ ...good, 'tls.crt': `${certificate}${certificate}` })).not.toHaveProperty('problem');
  });

  it('are of no use from the moment they expire', () => {
    const expired = 'the certificate in tls.crt expired at 2027-01-01T00:00:00.000Z';
    expect(pair(good, notAfter.getTime())).toEqual({ problem: expired, notAfter: notAfter.getTime() });
    expect(pair(good, notAfter.getTime() - 1)).not.toHaveProperty('problem');
  });

  it.each([
    ['it has no tls.crt', { 'tls.key': good['tls.key'] }],
    ['it has no tls.key', { 'tls.crt': good['tls.crt'] }],
    ['it has no tls.crt', {}],
    ['tls.crt is not a certificate in PEM form', { ...good, 'tls.crt': '' }],
    ['tls.crt is not a certificate in PEM form', { ...good, 'tls.crt': good['tls.key'] }],
    ['tls.key is not a private key in PEM form', { ...good, 'tls.key': 'secret' }],
    ['tls.key is not a private key in PEM form', { ...good, 'tls.key': keys.publicKey }],
    ['tls.key is not the key of the certificate in tls.crt', { ...good, 'tls.key': others.privateKey }],
  ])('are of no use: %s', (problem, data) => {
    expect(pair(data)).toEqual({ problem });
  });
});

describe('an authority', () => {
  const garbled = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n';
  const sooner = new Date('2026-03-01T00:00:00Z');
  const former = issueCertificate({ ...request, notAfter: sooner }, keys.publicKey, {
    subject,
    privateKey: keys.privateKey,
  });

  it.each([
    ['behind', `${certificate}${former}`],
    ['before', `${former}${certificate}`],
    ['with words between', `# the new one\n${certificate}\n# the old one\n${former}`],
  ])('is fine while one of its certificates is, with one that expired %s it', (_where, bundle) => {
    expect([ca({ 'ca.crt': bundle }), ca({ 'ca.crt': bundle }, notAfter.getTime()).problem]).toEqual([
      { notAfter: notAfter.getTime() },
      'the certificate in ca.crt expired at 2027-01-01T00:00:00.000Z',
    ]);
  });

  it('is fine until it expires', () => {
    expect([ca(good), ca(good, notAfter.getTime()).problem]).toEqual([
      { notAfter: notAfter.getTime() },
      'the certificate in ca.crt expired at 2027-01-01T00:00:00.000Z',
    ]);
  });

  it.each([
    ['it has no ca.crt', {}],
    ['ca.crt is not a list of certificates in PEM form', { 'ca.crt': keys.privateKey }],
    ['ca.crt is not a list of certificates in PEM form', { 'ca.crt': '' }],
    ['ca.crt is not a list of certificates in PEM form', { 'ca.crt': `${certificate}${garbled}` }],
    ['ca.crt is not a list of certificates in PEM form', { 'ca.crt': `${garbled}${certificate}` }],
  ])('is of no use: %s', (problem, data) => {
    expect(ca(data)).toEqual({ problem });
  });
});

describe('what is said of a Secret', () => {
  const text = fc.oneof(
    fc.string({ minLength: 8 }),
    fc.constantFrom(certificate, keys.privateKey, others.privateKey, keys.publicKey),
    fc.string({ minLength: 8 }).map((inner) => `-----BEGIN PRIVATE KEY-----\n${inner}\n-----END PRIVATE KEY-----\n`),
  );
  const contents = fc.record({ 'tls.crt': text, 'tls.key': text, 'ca.crt': text }, { requiredKeys: [] });

  it('has nothing of its contents, whatever these are', () => {
    fc.assert(
      fc.property(contents, (data) => {
        const said: readonly KeyMaterial[] = [pair(data), ca(data)];
        const words = said.map(({ problem = '' }) => problem).join(' ');
        const lines = Object.values(data).flatMap((each) => each.split('\n'));
        expect(lines.filter((line) => line.trim().length >= 8 && words.includes(line.trim()))).toEqual([]);
      }),
    );
  });
});
