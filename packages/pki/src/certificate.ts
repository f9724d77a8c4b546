import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import {
  bitString,
  booleanTrue,
  certificateTime,
  contextTag,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utf8String,
} from './der.ts';

/** A certificate and its private key (PKCS#8), both PEM. The key is a secret. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Two PEM texts: the public key (SPKI) and the private key (PKCS#8). */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Who a certificate is for. Kubernetes reads the common name as the user and each organization as a group. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** What a certificate may be used for; `server` also names the hosts (DNS names or IPv4 addresses) it is valid for. */
export type CertificateUse =
  | { readonly kind: 'authority' }
  | { readonly kind: 'client' }
  | { readonly kind: 'server'; readonly hosts: readonly string[] };

/** Everything that goes into one certificate. Clock and serial number are given, so that issuing is a plain function. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly use: CertificateUse;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Positive, at most 20 bytes, unique per authority (RFC 5280 4.1.2.2). */
  readonly serialNumber: bigint;
}

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** Makes a fresh ECDSA P-256 key pair. */
export async function newKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** 127 random bits: positive, and never met twice (RFC 5280 4.1.2.2). */
export function newSerialNumber(): bigint {
  return BigInt(`0x${randomBytes(16).toString('hex')}`) >> 1n;
}

/** Who signs: another certificate's subject and key, or (for an authority) the very key being certified. */
export interface Issuer {
  readonly subject: Subject;
  readonly privateKey: string;
}

/**
 * Issues an X.509 v3 certificate (RFC 5280) for `keys`, signed by `issuer` with ECDSA and SHA-256.
 *
 * @example
 * ```ts
 * const keys = await newKeyPair();
 * const pem = issueCertificate({ subject: { commonName: 'ca' }, use: { kind: 'authority' }, ... }, keys.publicKey,
 *   { subject: { commonName: 'ca' }, privateKey: keys.privateKey });
 * ```
 */
export function issueCertificate(request: CertificateRequest, publicKey: string, issuer: Issuer): string {
  const signatureAlgorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const subjectKey = spki(publicKey);
  const issuerKey = spki(
    createPublicKey(createPrivateKey(issuer.privateKey)).export({ type: 'spki', format: 'pem' }).toString(),
  );
  const body = sequence(
    contextTag(0, integer(2n)),
    integer(request.serialNumber),
    signatureAlgorithm,
    distinguishedName(issuer.subject),
    sequence(certificateTime(request.notBefore), certificateTime(request.notAfter)),
    distinguishedName(request.subject),
    subjectKey,
    contextTag(3, sequence(...extensions(request.use, keyIdentifier(subjectKey), keyIdentifier(issuerKey)))),
  );
  const signature = sign('sha256', body, issuer.privateKey);
  return pem('CERTIFICATE', sequence(body, signatureAlgorithm, bitString(signature)));
}

function spki(publicKeyPem: string): Buffer {
  return createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
}

function keyIdentifier(publicKeyInfo: Buffer): Buffer {
  return createHash('sha1').update(publicKeyInfo).digest();
}

function distinguishedName(subject: Subject): Buffer {
  const organizations = (subject.organizations ?? []).map((name) => attribute(OID.organization, name));
  return sequence(...organizations, attribute(OID.commonName, subject.commonName));
}

function attribute(oid: string, value: string): Buffer {
  return set(sequence(objectIdentifier(oid), utf8String(value)));
}

function extensions(use: CertificateUse, subjectKey: Buffer, issuerKey: Buffer): Buffer[] {
  const identifiers = [
    extension(OID.subjectKeyIdentifier, octetString(subjectKey)),
    extension(OID.authorityKeyIdentifier, sequence(contextTag(0, issuerKey, false))),
  ];
  if (use.kind === 'authority') {
    return [
      extension(OID.basicConstraints, sequence(booleanTrue()), true),
      extension(OID.keyUsage, bitString(Buffer.from([0b0000_0110]), 1), true),
      ...identifiers,
    ];
  }
  const purpose = use.kind === 'server' ? OID.serverAuth : OID.clientAuth;
  return [
    extension(OID.basicConstraints, sequence(), true),
    extension(OID.keyUsage, bitString(Buffer.from([0b1000_0000]), 7), true),
    extension(OID.extendedKeyUsage, sequence(objectIdentifier(purpose))),
    ...identifiers,
    ...(use.kind === 'server' ? [extension(OID.subjectAltName, sequence(...use.hosts.map(generalName)))] : []),
  ];
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(oid), ...(critical ? [booleanTrue()] : []), octetString(value));
}

function generalName(host: string): Buffer {
  if (isIPv6(host)) throw new TypeError(`a certificate for the IPv6 address '${host}' cannot be made: name the host`);
  if (isIPv4(host)) return contextTag(7, Buffer.from(host.split('.').map(Number)), false);
  return contextTag(2, Buffer.from(host, 'ascii'), false);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
