import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Java } from './java.ts';

/** A key with its certificate, as Java keeps them. */
export interface KeyStore {
  /** Of the PKCS #12 file. */
  readonly path: string;
  readonly password: string;
  /** What a client has to trust, PEM: the certificate signs itself. */
  readonly ca: string;
}

/**
 * Makes a key and a certificate for 127.0.0.1 and localhost in `dir`, with Java's own keytool: Node has no writer of PKCS #12.
 * The password goes by the environment, where other users of the machine cannot see it.
 */
export async function createKeyStore(java: Java, dir: string, password: string): Promise<KeyStore> {
  const [path, certificate] = [join(dir, 'druid.p12'), join(dir, 'druid.pem')];
  const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass:env', 'STORE_PASSWORD', '-alias', 'druid'];
  const keytool = async (args: readonly string[]): Promise<void> => {
    await promisify(execFile)(java.keytool, [...args, ...store], {
      env: { ...process.env, STORE_PASSWORD: password },
    });
  };
  const names = ['-dname', 'CN=druid', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-ext', 'bc=ca:true'];
  await keytool(['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '30', ...names]);
  await keytool(['-exportcert', '-rfc', '-file', certificate]);
  return { path, password, ca: await readFile(certificate, 'utf8') };
}
