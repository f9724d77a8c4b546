import { readFile } from 'node:fs/promises';
import { type Connection, createClient, discover, type KubeClient, loadKubeConfig } from '@capstan/kube';
import type { ObjectHistory } from '@capstan/runtime';
import { UserError } from '../failure.ts';
import { closestNames } from './closest-names.ts';
import { debugUrlAnnotation, isForbidden, type LeaderAddress, leaderAddresses } from './operator-address.ts';
import {
  askOperator,
  NoConnection,
  type OperatorAccess,
  type OperatorAnswer,
  UntrustedCertificate,
} from './operator-request.ts';
import { historyText, passText } from './pass-text.ts';
import { openTunnel } from './pod-tunnel.ts';

export interface ExplainOptions {
  readonly namespace?: string;
  readonly verbose?: boolean;
  readonly output: 'text' | 'json';
  readonly url?: string;
  readonly operatorNamespace?: string;
  readonly tokenFile?: string;
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The object asked about, in the words of the debug endpoint. */
export interface Wanted {
  readonly kind: string;
  /** `_` for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** Asks one operator for a path. */
type Ask = (path: string) => Promise<OperatorAnswer>;

/**
 * Prints the last passes of a resource.
 * @throws {UserError} when no operator can be reached or none knows the resource: which it knows, and what to do
 */
export async function explain(what: string, options: ExplainOptions): Promise<void> {
  const connection = await connectionFor(options);
  const client = connection && createClient(connection, { userAgent: 'capstan-explain' });
  try {
    const wanted = await wantedIn(what, options, connection, client);
    const history = await historyOf(wanted, options, connection, client);
    if (options.output === 'json') console.log(JSON.stringify(history, undefined, 2));
    else
      console.log(
        [historyText(history), ...(options.verbose === true ? history.passes.map(passText) : [])].join('\n\n'),
      );
  } finally {
    await client?.close();
  }
}

/** With `--url` a cluster is not needed, only of use: it knows the short names of kinds. */
async function connectionFor({ kubeconfig, context, url }: ExplainOptions): Promise<Connection | undefined> {
  try {
    return await loadKubeConfig({ path: kubeconfig, context });
  } catch (error) {
    if (url === undefined) throw error;
    return undefined;
  }
}

async function wantedIn(
  what: string,
  { namespace }: ExplainOptions,
  connection: Connection | undefined,
  client: KubeClient | undefined,
): Promise<Wanted> {
  const [kind = '', name = '', ...rest] = what.split('/');
  if (kind === '' || name === '' || rest.length > 0)
    throw new UserError(`"${what}" is not <kind>/<name>, such as streambuscluster/orders`);
  const type = client && (await servedKind(kind, client));
  const place = type?.namespaced === false ? '_' : (namespace ?? connection?.namespace ?? 'default');
  return { kind: type?.kind ?? kind, namespace: place, name };
}

/** The kind behind what a person writes; `undefined` when the cluster cannot say. */
async function servedKind(text: string, client: KubeClient) {
  const wanted = text.toLowerCase();
  const served = await discover(client).catch(() => undefined);
  return served?.types.find(({ kind, plural, shortNames, group }) => {
    const names = [kind.toLowerCase(), plural, ...shortNames];
    return names.includes(wanted) || names.some((one) => `${one}.${group}` === wanted);
  });
}

/**
 * The last passes of an object, from the operator at `--url`, or else from the leaders that Leases tell of.
 * @throws {UserError} when no operator can be reached or none knows the object: which it knows, and what to do
 */
export async function historyOf(
  wanted: Wanted,
  options: ExplainOptions,
  connection: Connection | undefined,
  client: KubeClient | undefined,
): Promise<ObjectHistory> {
  const access = await accessOf(options, connection);
  if (options.url === undefined && options.operatorNamespace === undefined && access.token !== undefined)
    throw new UserError(
      'with --token-file, name --operator-namespace <name> or --url <url>: whoever may write a Lease somewhere could otherwise have the token sent to themselves',
    );
  if (options.url !== undefined || client === undefined) {
    const { url = '' } = options;
    return historyFrom(wanted, url, (path) => ask(url, path, access));
  }
  const leaders = await leadersIn(client, options);
  const misses: string[] = [];
  for (const leader of leaders) {
    try {
      return await historyOfLeader(wanted, leader, options, access);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      misses.push(leaders.length > 1 ? `${leader.lease}: ${error.message}` : error.message);
    }
  }
  throw new UserError(misses.join('\n         '));
}

async function leadersIn(client: KubeClient, { operatorNamespace }: ExplainOptions): Promise<readonly LeaderAddress[]> {
  const leaders = await leaderAddresses(client, operatorNamespace).catch((error: unknown) => {
    if (isForbidden(error))
      throw new UserError(
        'you may not list Leases there: name --operator-namespace <name>, or --url <url> of the operator',
      );
    throw error;
  });
  if (leaders.length > 0) return leaders;
  throw new UserError(
    `no Lease has the annotation ${debugUrlAnnotation}: is an operator running with --leader-elect and a metrics server? ` +
      'Otherwise: kubectl port-forward to it, and --url http://127.0.0.1:<port>',
  );
}

/** A leader on this machine is asked directly; one in a pod that cannot be reached, through `kubectl port-forward`. */
async function historyOfLeader(
  wanted: Wanted,
  leader: LeaderAddress,
  { kubeconfig, context }: ExplainOptions,
  access: OperatorAccess,
): Promise<ObjectHistory> {
  const direct: Ask = (path) => ask(leader.url, path, isVerified(leader.url, access) ? access : withoutToken(access));
  if (await isReachable(direct)) return historyFrom(wanted, leader.url, direct);
  const { protocol, port } = new URL(leader.url);
  const { namespace, pod } = leader;
  if (pod === undefined) throw unreachable(leader, 'it does not answer');
  const target = { namespace, pod, port: port === '' ? '80' : port, kubeconfig, context };
  const tunnel = await openTunnel(target).catch((error: unknown) => {
    throw unreachable(leader, error instanceof Error ? error.message : String(error));
  });
  await using _ = tunnel;
  const url = `${protocol}//${tunnel.address}`;
  return await historyFrom(wanted, url, (path) => ask(url, path, access));
}

/**
 * Whether what answers at an address can only be the one that is meant. At the address of a pod as the pod itself sees it,
 * such as 127.0.0.1, anything may answer on this machine: it must not be given a token.
 */
function isVerified(url: string, { insecureSkipTlsVerify }: OperatorAccess): boolean {
  return new URL(url).protocol === 'https:' && insecureSkipTlsVerify !== true;
}

function withoutToken({ token: _, ...access }: OperatorAccess): OperatorAccess {
  return access;
}

/** Whether somebody answers there who tells us; a stranger is told nothing (401 or 403), and a port-forward may help. */
async function isReachable(direct: Ask): Promise<boolean> {
  try {
    return ![401, 403].includes((await direct('/debug/reconciles')).status);
  } catch (error) {
    if (error instanceof NoConnection) return false;
    throw error;
  }
}

function unreachable({ url, namespace, pod }: LeaderAddress, why: string): UserError {
  const { port } = new URL(url);
  return new UserError(
    `the operator at ${url} cannot be reached (${why}): kubectl port-forward -n ${namespace} pod/${pod ?? '<pod>'} ${port}, ` +
      `then --url http://127.0.0.1:${port}`,
  );
}

/**
 * A token of the kubeconfig goes only where `--url` says, one of a file also to the leader of a namespace that was named:
 * whoever may write a Lease could otherwise have it sent to themselves.
 */
async function accessOf(options: ExplainOptions, connection: Connection | undefined): Promise<OperatorAccess> {
  const { tokenFile, url, certificateAuthority, insecureSkipTlsVerify } = options;
  const token =
    tokenFile !== undefined
      ? await readFile(tokenFile, 'utf8')
      : url !== undefined && isConfidential(url)
        ? await tokenOf(connection)
        : undefined;
  return { token: token?.trim(), certificateAuthority, insecureSkipTlsVerify };
}

/** Whether nobody on the way could read what is sent. */
function isConfidential(url: string): boolean {
  if (!URL.canParse(url)) throw new UserError(`--url ${url} is no address, such as http://127.0.0.1:8080`);
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

async function tokenOf(connection: Connection | undefined): Promise<string | undefined> {
  const header = (await connection?.credentials.current())?.headers['authorization'];
  return typeof header === 'string' ? /^Bearer (.+)$/.exec(header)?.[1] : undefined;
}

async function ask(url: string, path: string, access: OperatorAccess): Promise<OperatorAnswer> {
  try {
    return await askOperator(url, path, access);
  } catch (error) {
    if (error instanceof UntrustedCertificate)
      throw new UserError(`${error.message}: --certificate-authority <file>, or --insecure-skip-tls-verify`);
    throw error;
  }
}

async function historyFrom(wanted: Wanted, url: string, ask: Ask): Promise<ObjectHistory> {
  const path = [wanted.kind, wanted.namespace, wanted.name].map(encodeURIComponent).join('/');
  const { status, body } = await ask(`/debug/reconciles/${path}`);
  // The endpoint's contract: this is what it answers with 200.
  if (status === 200) return body as ObjectHistory;
  if (status === 404) throw await unknownObject(wanted, body, ask);
  if (status === 401)
    throw new UserError(`the operator at ${url} wants to know who you are: --token-file <file>; ${sentenceOf(body)}`);
  throw new UserError(`the operator at ${url} refused (${status}): ${sentenceOf(body)}`);
}

async function unknownObject({ namespace, name }: Wanted, answer: unknown, ask: Ask): Promise<UserError> {
  const { status, body } = await ask('/debug/reconciles');
  const known = status === 200 ? objectsIn(body) : [];
  const near = closestNames(
    `${namespace}/${name}`,
    known.map(({ object }) => `${object.namespace ?? '_'}/${object.name}`),
  );
  const all = known.slice(0, 10).map(({ object }) => `${object.namespace ?? '_'}/${object.name}`);
  const hint =
    near.length > 0
      ? `; did you mean ${near.join(' or ')}?`
      : all.length > 0
        ? `; it knows ${all.join(', ')}${known.length > all.length ? ` and ${known.length - all.length} more` : ''}`
        : '; it remembers no pass at all: does it lead?';
  return new UserError(`${sentenceOf(answer)}${hint}`);
}

function objectsIn(body: unknown): readonly Pick<ObjectHistory, 'object'>[] {
  const objects = typeof body === 'object' && body !== null && 'objects' in body ? body.objects : undefined;
  // The endpoint's contract: a list of objects with their names.
  return Array.isArray(objects) ? (objects as readonly Pick<ObjectHistory, 'object'>[]) : [];
}

/** A refusal is a sentence. */
function sentenceOf(body: unknown): string {
  return typeof body === 'string' && body !== '' ? body : 'it gave no reason';
}
