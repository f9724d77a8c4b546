import type { X509Certificate } from 'node:crypto';
import {
  type CertificateUse,
  issueCertificate,
  type KeyedCertificate,
  newKeyPair,
  newSerialNumber,
} from '@capstan/pki';
import { certificateIn, isFor, isSignedBy, type ServingMaterial } from './serving-material.ts';

const hour = 60 * 60 * 1_000;
const day = 24 * hour;

/** How long certificates are valid, in ms, and at which part of that they are renewed. */
export const lifetimes = { authority: 365 * day, leaf: 7 * day, renewedAt: 2 / 3 } as const;

/** Certificates begin a little earlier, for API servers whose clock is behind. */
const backdated = hour;

/** A certificate that begins later than this from now was made by a clock that was wrong. */
const tolerated = 5 * 60 * 1_000;

export interface RenewalOptions {
  /** What the authorities are called. */
  readonly name: string;
  /** DNS names and IPv4 addresses by which API servers call. */
  readonly hosts: readonly string[];
  /** Epoch ms. */
  readonly now: number;
}

/** What there is: a whole set, or of one that is lost only whom API servers trust because of it. */
export type Held = ServingMaterial | { readonly trusted: readonly string[] };

/**
 * The material that is to take the place of the one at hand, or `undefined` while nothing is due. A new authority comes
 * with a new leaf; those before it stay trusted until a leaf has been replaced that was already under the new one, so that
 * whoever still serves an older leaf is believed.
 */
export async function renewal(held: Held, options: RenewalOptions): Promise<ServingMaterial | undefined> {
  const { now } = options;
  const former = held.trusted.filter((certificate) => isValid(certificateIn(certificate), now));
  if (!('leaf' in held) || isDue(certificateIn(held.authority.certificate), now)) {
    const authority = await newAuthority(options);
    return { authority, trusted: [authority.certificate, ...former], leaf: await newLeaf(authority, options) };
  }
  const { authority, leaf } = held;
  const served = certificateIn(leaf.certificate);
  const isSound =
    served !== undefined && isFor(served, options.hosts) && held.trusted.some((ca) => isSignedBy(served, ca));
  if (isSound && !isDue(served, now)) return undefined;
  const isUnderCurrent = served !== undefined && isSignedBy(served, authority.certificate);
  const trusted = isUnderCurrent ? [authority.certificate] : [...new Set([authority.certificate, ...former])];
  return { authority, trusted, leaf: await newLeaf(authority, options) };
}

/** Whether a certificate may be used at this time, which is epoch ms. */
export function isValid(certificate: X509Certificate | undefined, now: number): certificate is X509Certificate {
  if (certificate === undefined) return false;
  return certificate.validFromDate.getTime() <= now + tolerated && now < certificate.validToDate.getTime();
}

/** Missing, past two thirds of its life, or from the future. */
function isDue(certificate: X509Certificate | undefined, now: number): boolean {
  if (!isValid(certificate, now)) return true;
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  return now >= from + (to - from) * lifetimes.renewedAt;
}

async function newAuthority({ name, now }: RenewalOptions): Promise<KeyedCertificate> {
  const { publicKey, privateKey } = await newKeyPair();
  const subject = { commonName: authorityName(name, now) };
  const request = {
    ...requestFor(subject.commonName, { kind: 'authority' }, now),
    notAfter: new Date(now + lifetimes.authority),
  };
  return { certificate: issueCertificate(request, publicKey, { subject, privateKey }), privateKey };
}

/** Authorities that follow each other have different names, so that a bundle with both leaves no doubt who signed. */
function authorityName(name: string, now: number): string {
  return `${name.slice(0, 40)} ${new Date(now).toISOString().slice(0, 19)}Z`;
}

async function newLeaf(authority: KeyedCertificate, { name, hosts, now }: RenewalOptions): Promise<KeyedCertificate> {
  const { publicKey, privateKey } = await newKeyPair();
  const signer = certificateIn(authority.certificate);
  const end = Math.min(now + lifetimes.leaf, signer?.validToDate.getTime() ?? Number.POSITIVE_INFINITY);
  const request = { ...requestFor(name.slice(0, 64), { kind: 'server', hosts }, now), notAfter: new Date(end) };
  const subject = { commonName: /CN=(.*)/.exec(signer?.subject ?? '')?.[1] ?? '' };
  return {
    certificate: issueCertificate(request, publicKey, { subject, privateKey: authority.privateKey }),
    privateKey,
  };
}

function requestFor(commonName: string, use: CertificateUse, now: number) {
  return { subject: { commonName }, use, notBefore: new Date(now - backdated), serialNumber: newSerialNumber() };
}
