import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { ClientCertificate } from '../connection.ts';
import { codeOf, type KubeConfigError } from './kubeconfig-error.ts';
import { fixed, Rotating, type Supply } from './rotating.ts';

/** Makes the error for one field of the entry being read. */
export type Fail = (field: string, problem: string, cause?: unknown) => KubeConfigError;

/** Text that stands in the kubeconfig (base64), or in a file it names. */
interface DataOrFile {
  readonly data: string | undefined;
  readonly file: string | undefined;
  /** The field of the inline form, such as `client-key-data`; the file form is the same without `-data`. */
  readonly field: string;
}

/** The certificate authority to trust; read again when its file rotates. */
export async function certificateAuthority(
  source: DataOrFile,
  options: { clock: Clock; fail: Fail },
): Promise<Supply<string> | undefined> {
  const read = readerOf(source, options.fail);
  if (read === undefined) return undefined;
  const load = async () => checkedCertificate(await read(), activeField(source), options.fail);
  return supply(load, source.data !== undefined, options.clock);
}

/**
 * The client certificate and its key, read together, so that a rotation caught half-way (a new certificate with the old
 * key) is noticed and the former pair kept.
 */
export async function clientCertificate(
  cert: DataOrFile,
  key: DataOrFile,
  options: { clock: Clock; fail: Fail },
): Promise<Supply<ClientCertificate> | undefined> {
  const { fail, clock } = options;
  const readCert = readerOf(cert, fail);
  const readKey = readerOf(key, fail);
  if (readCert === undefined) return undefined;
  if (readKey === undefined) throw fail(key.field, 'is missing: a client certificate needs its private key beside it');
  const load = async () => {
    const pair = { cert: await readCert(), key: await readKey() };
    checkedCertificate(pair.cert, activeField(cert), fail);
    checkPair(pair, activeField(key), fail);
    return pair;
  };
  const isInline = cert.data !== undefined && key.data !== undefined;
  return supply(load, isInline, clock, (a, b) => a.cert === b.cert && a.key === b.key);
}

async function supply<T>(
  load: () => Promise<T>,
  isInline: boolean,
  clock: Clock,
  same?: (a: T, b: T) => boolean,
): Promise<Supply<T>> {
  if (isInline) return fixed(await load());
  const rotating = new Rotating<T>({ load, clock, ...(same === undefined ? {} : { same }) });
  // Read once now, so that a wrong path is reported at start and not with the first request.
  await rotating.current();
  return rotating;
}

function readerOf(source: DataOrFile, fail: Fail): (() => Promise<string>) | undefined {
  const { data, file, field } = source;
  const fileField = field.replace(/-data$/, '');
  if (data !== undefined && file !== undefined) {
    throw fail(field, `and ${fileField} are both set, so it is unclear which is meant: remove one`);
  }
  if (data !== undefined) {
    const text = decodeBase64(data, field, fail);
    return async () => text;
  }
  if (file === undefined) return undefined;
  return async () => {
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      throw fail(
        fileField,
        `cannot read ${file} (${codeOf(cause)}): correct the path or the file's permissions`,
        cause,
      );
    }
  };
}

function decodeBase64(data: string, field: string, fail: Fail): string {
  const compact = data.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    throw fail(
      field,
      `is not base64: put the PEM text there base64-encoded, or name a file in ${field.replace(/-data$/, '')}`,
    );
  }
  return Buffer.from(compact, 'base64').toString('utf8');
}

function checkedCertificate(pem: string, field: string, fail: Fail): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw fail(field, 'does not hold a PEM certificate: it must start with -----BEGIN CERTIFICATE-----');
  }
}

function checkPair(pair: ClientCertificate, field: string, fail: Fail): void {
  const key = privateKey(pair.key, field, fail);
  if (!new X509Certificate(pair.cert).checkPrivateKey(key)) {
    throw fail(
      field,
      'does not belong to the client certificate beside it: use the key the certificate was issued for',
    );
  }
}

function privateKey(pem: string, field: string, fail: Fail): KeyObject {
  if (/ENCRYPTED/.test(pem))
    throw fail(field, 'is protected by a passphrase: store the key decrypted, readable by its owner only');
  try {
    return createPrivateKey(pem);
  } catch {
    // The parser's own error is left out: it may quote the key.
    throw fail(field, 'does not hold a PEM private key');
  }
}

function activeField(source: DataOrFile): string {
  return source.data === undefined ? source.field.replace(/-data$/, '') : source.field;
}
