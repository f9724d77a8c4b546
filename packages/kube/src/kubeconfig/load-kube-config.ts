import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import type { Connection } from '../connection.ts';
import { certificateAuthority, type Fail } from './certificates.ts';
import { endpointOf } from './endpoint.ts';
import { execPlugin } from './exec-plugin.ts';
import { inClusterConnection, isInCluster } from './in-cluster.ts';
import { codeOf, KubeConfigError } from './kubeconfig-error.ts';
import {
  type ClusterEntry,
  type ContextEntry,
  type ExecEntry,
  type KubeConfig,
  mergeKubeConfigs,
  parseKubeConfig,
  type UserEntry,
} from './kubeconfig-file.ts';
import type { Environment } from './proxy-from-environment.ts';
import { credentialsFrom, partsOf } from './user-credentials.ts';

export interface LoadKubeConfigOptions {
  /** One kubeconfig file, instead of `KUBECONFIG` and `~/.kube/config`. */
  readonly path?: string | undefined;
  /** The context to use instead of the current one. */
  readonly context?: string | undefined;
  /** Variables to read (`KUBECONFIG`, `HOME`, `HTTPS_PROXY` ...) and to give to exec plugins; `process.env` unless told. */
  readonly env?: Environment;
  /** Whether an exec plugin may ask a person; whether our standard input is a terminal, unless told. */
  readonly stdinIsTerminal?: boolean;
  readonly serviceAccountDir?: string;
  readonly clock?: Clock;
}

/**
 * Finds the API server and the identity to use, in kubectl's order: `path`; else the files of `KUBECONFIG`, merged; else
 * `~/.kube/config`; else, when these name no cluster at all, the service account of the pod this process runs in.
 *
 * Certificates and tokens in files are read again when they rotate, exec plugins run again when their answer expires.
 * On plain http no credentials are sent, as with kubectl.
 *
 * @throws {KubeConfigError} naming file, context and field, never the value of a secret
 *
 * @example
 * ```ts
 * const client = createClient(await loadKubeConfig({ context: 'staging' }));
 * ```
 */
export async function loadKubeConfig(options: LoadKubeConfigOptions = {}): Promise<Connection> {
  const env = options.env ?? process.env;
  const files = kubeConfigFiles(options.path, env);
  const config = mergeKubeConfigs(await readAll(files, options.path !== undefined));
  const isEmpty = config.currentContext === undefined && config.clusters.size === 0 && config.contexts.size === 0;
  if (isEmpty && options.path === undefined && options.context === undefined) {
    if (await isInCluster({ ...options, env })) return inClusterConnection({ ...options, env });
    throw new KubeConfigError({
      file: files.join(delimiter),
      problem: 'no kubeconfig there, and this process does not run in a pod: set KUBECONFIG, or give a path',
    });
  }
  return connectionOf(contextOf(config, options.context, files.join(delimiter)), {
    env,
    clock: options.clock ?? systemClock,
    stdinIsTerminal: options.stdinIsTerminal ?? process.stdin.isTTY === true,
  });
}

function kubeConfigFiles(path: string | undefined, env: Environment): readonly string[] {
  if (path !== undefined) return [resolve(path)];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return listed.map((file) => resolve(file));
  return [join(env['HOME'] || homedir(), '.kube', 'config')];
}

async function readAll(files: readonly string[], mustExist: boolean): Promise<readonly KubeConfig[]> {
  const configs: KubeConfig[] = [];
  for (const file of files) {
    const text = await readKubeConfig(file, mustExist);
    if (text !== undefined) configs.push(parseKubeConfig(text, file));
  }
  return configs;
}

async function readKubeConfig(file: string, mustExist: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' && !mustExist) return undefined;
    const problem = `cannot be read (${code}): ${code === 'ENOENT' ? 'correct the path' : "correct the path or the file's permissions"}`;
    throw new KubeConfigError({ file, problem, cause });
  }
}

/** A context with the two entries it names. */
export interface Resolved {
  readonly context: ContextEntry;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

/**
 * The context to use: the one wanted, else the current one.
 * @throws {KubeConfigError} when there is none, or it names what is not there
 */
export function contextOf(config: KubeConfig, wanted: string | undefined, files: string): Resolved {
  const name = wanted ?? config.currentContext;
  const known = [...config.contexts.keys()].join(', ') || 'none';
  if (name === undefined) {
    throw new KubeConfigError({
      file: files,
      field: 'current-context',
      problem: `is not set: name one of the contexts (${known})`,
    });
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new KubeConfigError({
      file: files,
      context: name,
      problem: `does not exist: name one of the contexts (${known})`,
    });
  }
  return {
    context,
    cluster: entryOf(config.clusters, context, 'cluster'),
    user: entryOf(config.users, context, 'user'),
  };
}

function entryOf<T>(entries: ReadonlyMap<string, T>, context: ContextEntry, field: 'cluster' | 'user'): T {
  const name = context[field];
  const at = { file: context.file, context: context.name, field };
  if (name === undefined) throw new KubeConfigError({ ...at, problem: `is missing: name a ${field}` });
  const entry = entries.get(name);
  if (entry === undefined)
    throw new KubeConfigError({ ...at, problem: `"${name}" does not exist: add it under ${field}s` });
  return entry;
}

/** What a connection takes from the process it is used in. */
export interface Surroundings {
  readonly env: Environment;
  readonly clock: Clock;
  readonly stdinIsTerminal: boolean;
}

/**
 * The connection that a context stands for.
 * @throws {KubeConfigError} naming file, context and field
 */
export async function connectionOf(
  { context, cluster, user }: Resolved,
  surroundings: Surroundings,
): Promise<Connection> {
  const failCluster = failer(cluster.file, context.name, `clusters["${cluster.name}"]`);
  const failUser = failer(user.file, context.name, `users["${user.name}"]`);
  const endpoint = endpointOf(cluster, surroundings.env, failCluster);
  const trust = await trustOf(cluster, surroundings.clock, failCluster);
  const exec = (entry: ExecEntry) =>
    execPlugin({ ...surroundings, entry, fail: failUser, cluster: () => clusterInfo(cluster, endpoint.server, trust) });
  const parts = await partsOf(user, {
    clock: surroundings.clock,
    fail: failUser,
    exec,
  });
  return {
    server: endpoint.server,
    certificateAuthority: trust,
    insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    ...(endpoint.proxyUrl === undefined ? {} : { proxyUrl: endpoint.proxyUrl }),
    namespace: namespaceOf(context),
    credentials: credentialsFrom(endpoint.isTls ? parts : { headers: withoutSecrets(parts.headers) }),
  };
}

/** Anybody on the way could read them: over plain http only the wish to act as somebody is sent. */
function withoutSecrets(
  headers: Readonly<Record<string, string | string[]>>,
): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}

async function trustOf(cluster: ClusterEntry, clock: Clock, fail: Fail): Promise<Connection['certificateAuthority']> {
  const ca = await certificateAuthority(
    { data: cluster.certificateAuthorityData, file: cluster.certificateAuthority, field: 'certificate-authority-data' },
    { clock, fail },
  );
  if (ca !== undefined && cluster.insecureSkipTlsVerify) {
    throw fail('insecure-skip-tls-verify', 'contradicts the certificate authority given beside it: remove one of them');
  }
  return async () => ca?.current();
}

/** `ExecCredential.spec.cluster`: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
async function clusterInfo(
  cluster: ClusterEntry,
  server: string,
  trust: Connection['certificateAuthority'],
): Promise<object> {
  const ca = await trust();
  return {
    server,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca, 'utf8').toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}

function namespaceOf(context: ContextEntry): string {
  const namespace = context.namespace ?? 'default';
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
  throw new KubeConfigError({
    file: context.file,
    context: context.name,
    field: 'namespace',
    problem: `"${namespace}" is no namespace name: use at most 63 of a-z, 0-9 and -`,
  });
}

function failer(file: string, context: string, entry: string): Fail {
  return (field, problem, cause) => new KubeConfigError({ file, context, field: `${entry}.${field}`, problem, cause });
}
