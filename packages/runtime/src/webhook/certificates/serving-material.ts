import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Secret } from '@capstan/kube';
import type { KeyedCertificate } from '@capstan/pki';

/** Everything that serving webhooks takes: who vouches, whom API servers are to trust, and what is served. */
export interface ServingMaterial {
  /** Signs leaves; its certificate is the first of `trusted`. */
  readonly authority: KeyedCertificate;
  /** PEM certificates that API servers are to trust: the authority, then those before it that still count. */
  readonly trusted: readonly string[];
  readonly leaf: KeyedCertificate;
}

/** A certificate (PEM), or `undefined` for text that is none. */
export function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Whether the key is that of the certificate. */
export function fits({ certificate, privateKey }: KeyedCertificate): boolean {
  try {
    return certificateIn(certificate)?.checkPrivateKey(createPrivateKey(privateKey)) ?? false;
  } catch {
    return false;
  }
}

/** Whether a leaf is for all these hosts, as a client checks it. */
export function isFor(leaf: X509Certificate, hosts: readonly string[]): boolean {
  return hosts.every((host) => (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined);
}

/** Whether the authority signed the certificate. */
export function isSignedBy(leaf: X509Certificate, authority: string): boolean {
  const signer = certificateIn(authority);
  return signer !== undefined && leaf.checkIssued(signer) && leaf.verify(signer.publicKey);
}

/** The certificates in a text with one or more of them. */
export function certificatesIn(bundle: string): readonly string[] {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.filter((block) => certificateIn(block) !== undefined).map((block) => `${block}\n`);
}

/** What a Secret of ours holds, under the keys that `kubernetes.io/tls` and cert-manager use, and `ca.key`. */
export function secretData({ authority, trusted, leaf }: ServingMaterial): Readonly<Record<string, string>> {
  const texts = {
    'ca.crt': trusted.join(''),
    'ca.key': authority.privateKey,
    'tls.crt': leaf.certificate,
    'tls.key': leaf.privateKey,
  };
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}

/** Reads a Secret of ours; `undefined` where something is missing or cannot be what it should. */
export function materialIn({ data = {} }: Pick<Secret, 'data'>): ServingMaterial | undefined {
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const trusted = certificatesIn(text('ca.crt'));
  const [first] = trusted;
  if (first === undefined) return undefined;
  const authority = { certificate: first, privateKey: text('ca.key') };
  const leaf = { certificate: text('tls.crt'), privateKey: text('tls.key') };
  return fits(authority) && fits(leaf) ? { authority, trusted, leaf } : undefined;
}
