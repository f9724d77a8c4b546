import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { tlsFiles } from '../proxy/proxy-config.ts';
import { pemBlocks } from './pem.ts';

/** What HAProxy may be given, or the file that is at fault and why. A reason never holds anything of the file. */
export type CheckedPem =
  | { readonly kind: 'Usable'; readonly pem: string; readonly about: Readonly<Record<string, string>> }
  | { readonly kind: 'Unusable'; readonly file: string; readonly reason: string };

/** Checks a server's certificate (the chain may follow) and its key: both can be read, belong together, and it is their time. */
export function checkServerPair(certificate: string, key: string, now: number): CheckedPem {
  const chain = readCertificates(certificate);
  const [own] = chain ?? [];
  if (chain === undefined || own === undefined)
    return unusable(tlsFiles.certificate, 'no certificate can be read from it');
  const privateKey = readKey(key);
  if (privateKey === undefined) return unusable(tlsFiles.key, 'no private key without a password can be read from it');
  if (!own.checkPrivateKey(privateKey)) return unusable(tlsFiles.key, 'the key does not belong to the certificate');
  if (own.validToDate.getTime() <= now)
    return unusable(tlsFiles.certificate, `expired at ${own.validToDate.toISOString()}`);
  if (own.validFromDate.getTime() > now)
    return unusable(tlsFiles.certificate, `not valid before ${own.validFromDate.toISOString()}`);
  const pem = [...pemBlocks(certificate, /^CERTIFICATE$/), ...pemBlocks(key, /PRIVATE KEY$/)].join('\n');
  return { kind: 'Usable', pem, about: { serial: own.serialNumber, expires: own.validToDate.toISOString() } };
}

/** Checks the certificates of the authorities that sign clients: there is one, and all can be read. */
export function checkAuthorities(text: string): CheckedPem {
  const all = readCertificates(text);
  if (all === undefined || all.length === 0)
    return unusable(tlsFiles.authorities, 'no certificates can be read from it');
  return {
    kind: 'Usable',
    pem: pemBlocks(text, /^CERTIFICATE$/).join('\n'),
    about: { certificates: String(all.length) },
  };
}

function unusable(file: string, reason: string): CheckedPem {
  return { kind: 'Unusable', file, reason };
}

function readCertificates(text: string): readonly X509Certificate[] | undefined {
  try {
    return pemBlocks(text, /^CERTIFICATE$/).map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}

function readKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(pemBlocks(text, /PRIVATE KEY$/).join('\n'));
  } catch {
    return undefined;
  }
}
