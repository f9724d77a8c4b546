import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import { expect, test } from 'vitest';
import { bundleTrouble } from './certificate-bundle.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const dayMs = 24 * 3_600_000;
const keys = await newKeyPair();

/** A CA that is valid for so many days from now on, as PEM. */
function authority(days: number): string {
  const subject = { commonName: 'ca' };
  const validity = { notBefore: new Date(now - 100 * dayMs), notAfter: new Date(now + days * dayMs) };
  const request = { subject, use: { kind: 'authority' }, serialNumber: newSerialNumber(), ...validity } as const;
  return issueCertificate(request, keys.publicKey, { subject, privateKey: keys.privateKey });
}

function bundle(...texts: readonly string[]): string {
  return Buffer.from(texts.join('\n')).toString('base64');
}

test.each([
  ['that is absent', undefined, 'Absent'],
  ['that is empty', '', 'Absent'],
  ['that is no certificate', bundle('no certificate'), 'Unreadable'],
  [
    'whose certificate is damaged',
    bundle('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    'Unreadable',
  ],
  ['that has expired', bundle(authority(-1)), 'Expired'],
  ['that expires within two weeks', bundle(authority(13)), 'ExpiresSoon'],
  ['that is valid for long', bundle(authority(15)), undefined],
  ['of which one has expired and one has not', bundle(authority(-1), authority(300), authority(-5)), undefined],
])('a bundle %s', (_, given, kind) => {
  expect(bundleTrouble(given, now)?.kind).toBe(kind);
});
