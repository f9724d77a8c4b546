import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CertificateUse,
  issueCertificate,
  type KeyedCertificate,
  newKeyPair,
  newSerialNumber,
} from '@capstan/pki';

const dayMs = 86_400_000;

/** How long a certificate is valid, in days from now; negative for the past. */
interface Validity {
  readonly fromDay?: number;
  readonly toDay?: number;
}

/** Signs certificates for tests. */
export interface TestAuthority {
  /** PEM. */
  readonly certificate: string;
  server(validity?: Validity): Promise<KeyedCertificate>;
  client(commonName: string): Promise<KeyedCertificate>;
  /** A client with any subject and alternative names, such as `/CN=a` and `DNS:b`; needs {@link hasOpenssl}. */
  unusualClient(subject: string, alternativeNames: readonly string[]): KeyedCertificate;
}

/** Whether certificates can be made that the project's own PKI does not make. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export async function testAuthority(commonName: string): Promise<TestAuthority> {
  const keys = await newKeyPair();
  const issuer = { subject: { commonName }, privateKey: keys.privateKey };
  const issue = (name: string, use: CertificateUse, publicKey: string, { fromDay = -1, toDay = 1 }: Validity = {}) =>
    issueCertificate(
      {
        subject: { commonName: name },
        use,
        notBefore: new Date(Date.now() + fromDay * dayMs),
        notAfter: new Date(Date.now() + toDay * dayMs),
        serialNumber: newSerialNumber(),
      },
      publicKey,
      issuer,
    );
  const keyed = async (name: string, use: CertificateUse, validity?: Validity): Promise<KeyedCertificate> => {
    const own = await newKeyPair();
    return { certificate: issue(name, use, own.publicKey, validity), privateKey: own.privateKey };
  };
  const certificate = issue(commonName, { kind: 'authority' }, keys.publicKey);
  return {
    certificate,
    server: (validity) => keyed('server', { kind: 'server', hosts: ['localhost'] }, validity),
    client: (name) => keyed(name, { kind: 'client' }),
    unusualClient: (subject, names) => signWithOpenssl({ certificate, privateKey: keys.privateKey }, subject, names),
  };
}

function signWithOpenssl(
  authority: KeyedCertificate,
  subject: string,
  alternativeNames: readonly string[],
): KeyedCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'capstan-openssl-'));
  const at = (name: string) => join(directory, name);
  try {
    writeFileSync(at('ca.crt'), authority.certificate);
    writeFileSync(at('ca.key'), authority.privateKey, { mode: 0o600 });
    writeFileSync(at('request.cnf'), requestConfig(alternativeNames));
    const own = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      at('key'),
      '-out',
      at('crt'),
    ];
    const signed = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-days', '1', '-config', at('request.cnf')];
    execFileSync('openssl', ['req', '-x509', '-utf8', '-subj', subject, ...own, ...signed], { stdio: 'pipe' });
    return { certificate: readFileSync(at('crt'), 'utf8'), privateKey: readFileSync(at('key'), 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Each name has a line of its own, in which a comma does not begin another. */
function requestConfig(alternativeNames: readonly string[]): string {
  const names = alternativeNames.map((name, index) => name.replace(':', `.${index} = "`).concat('"'));
  return [
    '[req]',
    'distinguished_name = subject',
    'x509_extensions = client',
    '[subject]',
    '[client]',
    'extendedKeyUsage = clientAuth',
    ...(names.length === 0 ? [] : ['subjectAltName = @names', '[names]', ...names]),
    '',
  ].join('\n');
}
