import { createPrivateKey, X509Certificate } from 'node:crypto';

/** The decoded contents of a Secret; never kept. */
export type SecretData = ReadonlyMap<string, string>;

/** What is to be known of a Secret without its contents. */
export interface KeyMaterial {
  /** Why it is of no use, in one sentence without any of its contents. */
  readonly problem?: string;
  /** When what is in it expires, in ms since 1970. */
  readonly notAfter?: number;
}

/** Judges a certificate and its key, as in a Secret of type kubernetes.io/tls. Pure. */
export function servingPair(data: SecretData, nowMs: number): KeyMaterial {
  const [certificate, key] = [data.get('tls.crt'), data.get('tls.key')];
  if (certificate === undefined || key === undefined)
    return { problem: `it has no ${certificate === undefined ? 'tls.crt' : 'tls.key'}` };
  const leaf = certificateIn(certificate);
  if (leaf === undefined) return { problem: 'tls.crt is not a certificate in PEM form' };
  const isOurs = matches(leaf, key);
  if (isOurs === undefined) return { problem: 'tls.key is not a private key in PEM form' };
  if (!isOurs) return { problem: 'tls.key is not the key of the certificate in tls.crt' };
  return validity('tls.crt', Date.parse(leaf.validTo), nowMs);
}

/** Judges the authorities that certificates of clients are verified against: one of them must be valid, and all readable. Pure. */
export function authority(data: SecretData, nowMs: number): KeyMaterial {
  const text = data.get('ca.crt');
  if (text === undefined) return { problem: 'it has no ca.crt' };
  const certificates = blocksIn(text).map(certificateIn);
  const readable = certificates.filter((certificate) => certificate !== undefined);
  if (readable.length === 0 || readable.length < certificates.length)
    return { problem: 'ca.crt is not a list of certificates in PEM form' };
  const last = Math.max(...readable.map(({ validTo }) => Date.parse(validTo)));
  return validity('ca.crt', last, nowMs);
}

/** While authorities are exchanged a file has the old one and the new one. */
function blocksIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function matches(certificate: X509Certificate, key: string): boolean | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return undefined;
  }
}

function validity(file: string, notAfter: number, nowMs: number): KeyMaterial {
  const expired = `the certificate in ${file} expired at ${new Date(notAfter).toISOString()}`;
  return notAfter <= nowMs ? { problem: expired, notAfter } : { notAfter };
}
