import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';
import { Fields } from './fields.ts';
import { KubeConfigError } from './kubeconfig-error.ts';

/** The `cluster` of a kubeconfig. Paths are absolute. */
export interface ClusterEntry {
  readonly name: string;
  readonly file: string;
  readonly server: string | undefined;
  readonly tlsServerName: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string | undefined;
  /** Base64, as it stands in the file. */
  readonly certificateAuthorityData: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly disableCompression: boolean;
  /** What an exec plugin of this cluster is told: the extension `client.authentication.k8s.io/exec`. */
  readonly execConfig: unknown;
}

/** The `exec` of a user: the program that is run for credentials. */
export interface ExecEntry {
  readonly apiVersion: string | undefined;
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | undefined;
}

export interface Impersonation {
  readonly user: string | undefined;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** The `user` of a kubeconfig. Paths are absolute; data is base64 as it stands in the file. */
export interface UserEntry {
  readonly name: string;
  readonly file: string;
  readonly clientCertificate: string | undefined;
  readonly clientCertificateData: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientKeyData: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonation: Impersonation;
  /** The name of a legacy auth-provider, `''` when it has none. */
  readonly authProvider: string | undefined;
  readonly exec: ExecEntry | undefined;
}

export interface ContextEntry {
  readonly name: string;
  readonly file: string;
  readonly cluster: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

/** One kubeconfig, or several merged into one. */
export interface KubeConfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/**
 * Parses the text of one kubeconfig (YAML or JSON).
 *
 * @param file absolute path of the file the text is from: relative paths in it are relative to its directory
 * @throws {KubeConfigError} for text that is not YAML, another kind of document, a value of the wrong type or a name given twice
 */
export function parseKubeConfig(text: string, file: string): KubeConfig {
  const root = Fields.of(file, '', parseYaml(text, file));
  const kind = root.string('kind');
  if (kind !== undefined && kind !== 'Config') {
    throw root.fail('kind', `is "${kind}", so this file is not a kubeconfig (kind Config): give another file`);
  }
  return {
    currentContext: root.string('current-context'),
    clusters: named(root, 'clusters', 'cluster', clusterEntry),
    users: named(root, 'users', 'user', userEntry),
    contexts: named(root, 'contexts', 'context', contextEntry),
  };
}

/**
 * Merges kubeconfigs the way kubectl merges the files of `KUBECONFIG`: for each cluster, user and context, and for the
 * current context, the first file that has it wins whole.
 */
export function mergeKubeConfigs(configs: readonly KubeConfig[]): KubeConfig {
  const last = [...configs].reverse();
  return {
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: new Map(last.flatMap((config) => [...config.clusters])),
    users: new Map(last.flatMap((config) => [...config.users])),
    contexts: new Map(last.flatMap((config) => [...config.contexts])),
  };
}

/** Parse errors are reduced to a place and a code: the parser's own text quotes the lines around, and they may hold a token. */
function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, merge: true, logLevel: 'silent' });
  const error = document.errors[0];
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const where = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`;
    throw new KubeConfigError({ file, problem: `is not valid YAML${where} (${error.code}): correct the file` });
  }
  try {
    return document.toJS();
  } catch {
    throw new KubeConfigError({
      file,
      problem: 'holds YAML aliases that lead nowhere or to too much: write the values out',
    });
  }
}

function named<T>(
  root: Fields,
  list: string,
  inner: string,
  entry: (name: string, fields: Fields) => T,
): ReadonlyMap<string, T> {
  const entries = new Map<string, T>();
  for (const item of root.maps(list)) {
    const name = item.string('name');
    if (name === undefined) throw item.fail('name', 'is missing: give the entry a name');
    if (entries.has(name)) throw item.fail('name', `"${name}" is given twice in this file: remove or rename one`);
    entries.set(name, entry(name, item.map(inner, `${list}["${name}"]`)));
  }
  return entries;
}

function clusterEntry(name: string, fields: Fields): ClusterEntry {
  const extension = fields
    .maps('extensions')
    .find((item) => item.string('name') === 'client.authentication.k8s.io/exec');
  return {
    name,
    file: fields.file,
    server: fields.string('server'),
    tlsServerName: fields.string('tls-server-name'),
    insecureSkipTlsVerify: fields.boolean('insecure-skip-tls-verify'),
    certificateAuthority: pathIn(fields, 'certificate-authority'),
    certificateAuthorityData: fields.string('certificate-authority-data'),
    proxyUrl: fields.string('proxy-url'),
    disableCompression: fields.boolean('disable-compression'),
    execConfig: extension?.any('extension'),
  };
}

function userEntry(name: string, fields: Fields): UserEntry {
  const extra = fields.map('as-user-extra');
  return {
    name,
    file: fields.file,
    clientCertificate: pathIn(fields, 'client-certificate'),
    clientCertificateData: fields.string('client-certificate-data'),
    clientKey: pathIn(fields, 'client-key'),
    clientKeyData: fields.string('client-key-data'),
    token: fields.string('token'),
    tokenFile: pathIn(fields, 'tokenFile'),
    username: fields.string('username'),
    password: fields.string('password'),
    impersonation: {
      user: fields.string('as'),
      uid: fields.string('as-uid'),
      groups: fields.strings('as-groups'),
      extra: Object.fromEntries(extra.keys().map((key) => [key, extra.strings(key)])),
    },
    authProvider: fields.has('auth-provider') ? (fields.map('auth-provider').string('name') ?? '') : undefined,
    exec: fields.has('exec') ? execEntry(fields.map('exec')) : undefined,
  };
}

function execEntry(fields: Fields): ExecEntry {
  const command = fields.string('command');
  return {
    apiVersion: fields.string('apiVersion'),
    // A bare name is looked up in PATH; anything with a separator is a path, relative to the kubeconfig.
    command: command?.includes(sep) ? pathIn(fields, 'command') : command,
    args: fields.strings('args'),
    env: Object.fromEntries(fields.maps('env').map(environmentVariable)),
    installHint: fields.string('installHint'),
    provideClusterInfo: fields.boolean('provideClusterInfo'),
    interactiveMode: fields.string('interactiveMode'),
  };
}

function environmentVariable(fields: Fields): [string, string] {
  const name = fields.string('name');
  if (name === undefined) throw fields.fail('name', 'is missing: name the environment variable');
  return [name, fields.string('value') ?? ''];
}

function contextEntry(name: string, fields: Fields): ContextEntry {
  return {
    name,
    file: fields.file,
    cluster: fields.string('cluster'),
    user: fields.string('user'),
    namespace: fields.string('namespace'),
  };
}

function pathIn(fields: Fields, name: string): string | undefined {
  const path = fields.string(name);
  if (path === undefined || isAbsolute(path)) return path;
  return resolve(dirname(fields.file), path);
}
