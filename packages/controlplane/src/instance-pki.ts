import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CertificateUse,
  issueCertificate,
  type KeyedCertificate,
  type KeyPair,
  newKeyPair,
  newSerialNumber,
  type Subject,
} from '@capstan/pki';
import { systemErrorCode } from './control-plane-error.ts';

/** The keys of one control plane: nothing is shared between instances. */
export interface InstancePki {
  readonly authority: KeyedCertificate;
  readonly serving: KeyedCertificate;
  /** Signs service account tokens. */
  readonly serviceAccount: KeyPair;
  /** Issues a client certificate: the user and the groups that the API server will see. */
  clientCertificate(user: string, groups?: readonly string[]): Promise<KeyedCertificate>;
}

const AUTHORITY: Subject = { commonName: 'capstan-control-plane' };
const YEARS = 10;
const SERVING_HOSTS = [
  '127.0.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
];

/**
 * Opens the keys kept in `dir`, or makes them when there are none yet. Files have mode 0600, the directory 0700.
 *
 * Certificates are valid for ten years from an hour before `now`, so that a clock set back does no harm.
 */
export async function openPki(dir: string, now: Date): Promise<InstancePki> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const authority = await kept(dir, 'ca', () => selfSigned(now));
  const serving = await kept(dir, 'serving', () =>
    issue(authority, { commonName: 'kube-apiserver' }, { kind: 'server', hosts: SERVING_HOSTS }, now),
  );
  const signing = await kept(dir, 'service-account', async () => {
    const keys = await newKeyPair();
    return { certificate: keys.publicKey, privateKey: keys.privateKey };
  });
  return {
    authority,
    serving,
    serviceAccount: { publicKey: signing.certificate, privateKey: signing.privateKey },
    clientCertificate: (user, groups = []) =>
      issue(authority, { commonName: user, organizations: groups }, { kind: 'client' }, now),
  };
}

/** File names inside a PKI directory, for the flags of the components. */
export const PKI_FILES = {
  authorityCertificate: 'ca.crt',
  authorityKey: 'ca.key',
  servingCertificate: 'serving.crt',
  servingKey: 'serving.key',
  serviceAccountPublicKey: 'service-account.crt',
  serviceAccountKey: 'service-account.key',
} as const;

async function kept(dir: string, name: string, make: () => Promise<KeyedCertificate>): Promise<KeyedCertificate> {
  const certificateFile = join(dir, `${name}.crt`);
  const keyFile = join(dir, `${name}.key`);
  try {
    return { certificate: await readFile(certificateFile, 'utf8'), privateKey: await readFile(keyFile, 'utf8') };
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  const made = await make();
  await writeFile(keyFile, made.privateKey, { mode: 0o600 });
  await writeFile(certificateFile, made.certificate, { mode: 0o600 });
  return made;
}

async function selfSigned(now: Date): Promise<KeyedCertificate> {
  const keys = await newKeyPair();
  const request = {
    subject: AUTHORITY,
    use: { kind: 'authority' },
    ...validity(now),
    serialNumber: newSerialNumber(),
  } as const;
  const certificate = issueCertificate(request, keys.publicKey, { subject: AUTHORITY, privateKey: keys.privateKey });
  return { certificate, privateKey: keys.privateKey };
}

async function issue(
  authority: KeyedCertificate,
  subject: Subject,
  use: CertificateUse,
  now: Date,
): Promise<KeyedCertificate> {
  const keys = await newKeyPair();
  const request = { subject, use, ...validity(now), serialNumber: newSerialNumber() };
  const issuer = { subject: AUTHORITY, privateKey: authority.privateKey };
  return { certificate: issueCertificate(request, keys.publicKey, issuer), privateKey: keys.privateKey };
}

function validity(now: Date): { notBefore: Date; notAfter: Date } {
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  return { notBefore: new Date(now.getTime() - 3_600_000), notAfter };
}
