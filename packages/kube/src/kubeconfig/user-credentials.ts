import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { ClientCertificate, CredentialSource } from '../connection.ts';
import { clientCertificate, type Fail } from './certificates.ts';
import type { ExecCredential } from './exec-plugin.ts';
import { codeOf } from './kubeconfig-error.ts';
import type { ExecEntry, Impersonation, UserEntry } from './kubeconfig-file.ts';
import { fixed, Rotating, type Supply } from './rotating.ts';

type Headers = Readonly<Record<string, string | string[]>>;

/** What the requests of one user are made of. */
interface CredentialParts {
  /** Headers that never change. */
  readonly headers: Headers;
  readonly token?: Supply<string> | undefined;
  readonly clientCertificate?: Supply<ClientCertificate> | undefined;
  /** Asked for what `token` and `clientCertificate` leave open. */
  readonly exec?: Supply<ExecCredential> | undefined;
}

/** Puts the parts together into what the transport asks for with each request. */
export function credentialsFrom(parts: CredentialParts): CredentialSource {
  return {
    async current() {
      const exec = await parts.exec?.current();
      const token = (await parts.token?.current()) ?? exec?.token;
      const certificate = (await parts.clientCertificate?.current()) ?? exec?.clientCertificate;
      return {
        headers: token === undefined ? parts.headers : { ...parts.headers, authorization: `Bearer ${token}` },
        ...(certificate === undefined ? {} : { clientCertificate: certificate }),
      };
    },
    async renew() {
      const supplies = [parts.token, parts.clientCertificate, parts.exec];
      const answers = await Promise.all(supplies.map((supply) => supply?.renew()));
      return answers.includes(true);
    },
  };
}

/**
 * The parts of a kubeconfig user. A token or a tokenFile keeps the exec plugin from running, as with kubectl; where both
 * are given, the file counts.
 *
 * @throws {KubeConfigError} for combinations kubectl refuses as well, legacy auth-providers, and files that cannot be read
 */
export async function partsOf(
  user: UserEntry,
  options: { clock: Clock; fail: Fail; exec: (entry: ExecEntry) => Supply<ExecCredential> },
): Promise<CredentialParts> {
  const { clock, fail } = options;
  refuseWhatCannotBe(user, fail);
  const token = await tokenOf(user, clock, fail);
  const certificate = await clientCertificate(
    { data: user.clientCertificateData, file: user.clientCertificate, field: 'client-certificate-data' },
    { data: user.clientKeyData, file: user.clientKey, field: 'client-key-data' },
    { clock, fail },
  );
  const basic = basicAuth(user);
  const exec = token === undefined && basic === undefined ? user.exec : undefined;
  return {
    headers: { ...impersonationHeaders(user.impersonation), ...(basic === undefined ? {} : { authorization: basic }) },
    token,
    clientCertificate: certificate,
    exec: exec === undefined ? undefined : options.exec(exec),
  };
}

/** The headers that ask the API server to act as somebody else; `{}` when nobody is named. */
export function impersonationHeaders({ user, uid, groups, extra }: Impersonation): Headers {
  if (user === undefined) return {};
  return {
    'impersonate-user': user,
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${headerName(key)}`, [...values]]),
    ),
  };
}

/** A token from a file that rotates, such as a projected service account token. Read once at once. */
export async function tokenFromFile(
  file: string,
  options: { clock: Clock; fail: Fail; field: string },
): Promise<Supply<string>> {
  const { clock, fail, field } = options;
  const load = async () => checkedToken(await readFileOr(file, field, fail), field, fail);
  const rotating = new Rotating({ load, clock });
  await rotating.current();
  return rotating;
}

async function tokenOf(user: UserEntry, clock: Clock, fail: Fail): Promise<Supply<string> | undefined> {
  const inline = user.token === undefined ? undefined : checkedToken(user.token, 'token', fail);
  if (user.tokenFile === undefined) return inline === undefined ? undefined : fixed(inline);
  try {
    return await tokenFromFile(user.tokenFile, { clock, fail, field: 'tokenFile' });
  } catch (error) {
    if (inline === undefined) throw error;
    return fixed(inline);
  }
}

function refuseWhatCannotBe(user: UserEntry, fail: Fail): void {
  if (user.authProvider !== undefined) {
    throw fail(
      'auth-provider',
      `"${user.authProvider}" is the legacy form that Kubernetes clients have dropped: ${insteadOf(user.authProvider)}`,
    );
  }
  const hasBasic = user.username !== undefined || user.password !== undefined;
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  if (hasBasic && hasToken)
    throw fail('username', 'and a token are both set, so it is unclear which is meant: remove one');
  const { user: as, uid, groups, extra } = user.impersonation;
  if (as === undefined && (uid !== undefined || groups.length > 0 || Object.keys(extra).length > 0)) {
    throw fail('as', 'is missing: as-uid, as-groups and as-user-extra need a user to impersonate');
  }
}

function insteadOf(authProvider: string): string {
  if (authProvider === 'gcp') return 'use the exec plugin gke-gcloud-auth-plugin';
  if (authProvider === 'azure') return 'use the exec plugin kubelogin';
  return 'use an exec plugin (for oidc: kubelogin, "kubectl oidc-login")';
}

function basicAuth(user: UserEntry): string | undefined {
  if (user.username === undefined && user.password === undefined) return undefined;
  return `Basic ${Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`, 'utf8').toString('base64')}`;
}

function checkedToken(text: string, field: string, fail: Fail): string {
  const token = text.trim();
  if (token === '') throw fail(field, 'holds no token: it is empty');
  if (/[^\x21-\x7e]/.test(token))
    throw fail(field, 'is not a token: it holds white space or characters that no header may carry');
  return token;
}

async function readFileOr(file: string, field: string, fail: Fail): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw fail(field, `cannot read ${file} (${codeOf(cause)}): correct the path or the file's permissions`, cause);
  }
}

/** Bytes that no header name may carry are percent-encoded; the API server decodes them (and takes the name in lower case). */
function headerName(key: string): string {
  const bytes = [...Buffer.from(key, 'utf8')];
  return bytes
    .map((byte) => headerNameCharacter(byte))
    .join('')
    .toLowerCase();
}

function headerNameCharacter(byte: number): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9!#$&'*+\-.^_`|~]/.test(character)) return character;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
