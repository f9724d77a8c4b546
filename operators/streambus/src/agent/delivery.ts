import { X509Certificate } from 'node:crypto';
import { isMap } from './access-entries.ts';
import { NewWorkerNeededError } from './new-worker-needed-error.ts';
import { pemBlocks } from './pem.ts';
import { RefusedCommandError } from './refused-command-error.ts';
import { mostBytesAtOnce, type RuntimeSocket } from './runtime-socket.ts';

/**
 * Puts something into a running HAProxy. Fails with a {@link RefusedCommandError} when HAProxy does not take it, and with a
 * {@link NewWorkerNeededError} when it cannot without a new worker.
 */
export type Delivery = (socket: RuntimeSocket) => Promise<void>;

/** Whether so much can be sent to a running HAProxy; the rest it can only read from files, at the start of a worker. */
export function canBeSent(pem: string): boolean {
  return pem.length <= mostBytesAtOnce;
}

/**
 * Replaces a server's certificate, its chain and its key. Connections that are open stay as they are.
 *
 * What cannot be sent is only compared with what HAProxy has: by the certificate's fingerprint, and by the names in the chain,
 * since it shows no more of that.
 */
export function certificateDelivery(path: string, pem: string): Delivery {
  return async (socket) => {
    if (!canBeSent(pem) && shownIn(await socket.ask(`show ssl cert ${path}`)) === shownOf(pem)) return;
    await replacePem(socket, 'cert', path, pem);
  };
}

/**
 * Replaces the authorities that clients' certificates are verified against, where they differ from what HAProxy has.
 * Connections that are open stay.
 */
export function authoritiesDelivery(path: string, pem: string): Delivery {
  return async (socket) => {
    // Before 3.2.7 each of these commits has its price; see below.
    if (!(await hasAuthorities(socket, path, pem))) await replacePem(socket, 'ca-file', path, pem);
  };
}

/**
 * The same beside a certificate that cannot be sent: a new worker is needed where the authorities differ. Only sending the
 * certificate first would show whether sending them is safe; see below.
 */
export function comparedAuthoritiesDelivery(path: string, pem: string): Delivery {
  return async (socket) => {
    if (await hasAuthorities(socket, path, pem)) return;
    throw new NewWorkerNeededError(`show ssl ca-file ${path}`, 'it has other authorities than are mounted');
  };
}

async function hasAuthorities(socket: RuntimeSocket, path: string, pem: string): Promise<boolean> {
  return fingerprintsIn(await socket.ask(`show ssl ca-file ${path}`)) === fingerprintsOf(pem);
}

async function replacePem(socket: RuntimeSocket, what: 'cert' | 'ca-file', path: string, pem: string): Promise<void> {
  const set = `set ssl ${what} ${path}`;
  const commit = `commit ssl ${what} ${path}`;
  if (!canBeSent(pem))
    throw new NewWorkerNeededError(set, `${pem.length} bytes are more than the ${mostBytesAtOnce} it takes at once`);
  expectReply(/^\s*transaction (created|updated)/i, set, await socket.ask(`${set} <<\n${pem}\n`));
  const reply = await socket.ask(commit);
  expectReply(/Success!/, commit, reply);
  // Each listener that takes it up is a dot. In older versions (github.com/haproxy/haproxy/issues/3165) none does any more
  // once authorities have been replaced, though it says success, and replacing those again would crash it.
  if (!reply.includes(`${path}.`)) throw new NewWorkerNeededError(commit, 'no listener has taken it up');
}

/** The lines that tell a certificate and its chain from others. */
function shownIn(reply: string): string {
  return (reply.match(/^(SHA1 FingerPrint|Chain (Subject|Issuer)): .*$/gm) ?? []).join('\n');
}

function shownOf(pem: string): string {
  const lines = certificatesIn(pem).flatMap((one, index) =>
    index === 0
      ? [`SHA1 FingerPrint: ${fingerprintOf(one)}`]
      : [`Chain Subject: ${oneLine(one.subject)}`, `Chain Issuer: ${oneLine(one.issuer)}`],
  );
  return lines.join('\n');
}

/** A name as HAProxy writes it: a slash before each part, and nothing escaped. */
function oneLine(name: string): string {
  return `/${name.replaceAll('\n', '/').replace(/\\(.)/g, '$1')}`;
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return pemBlocks(pem, /^CERTIFICATE$/).map((one) => new X509Certificate(one));
}

function fingerprintOf({ fingerprint }: X509Certificate): string {
  return fingerprint.replaceAll(':', '');
}

function fingerprintsIn(reply: string): string {
  return inOrder([...reply.matchAll(/SHA1 FingerPrint: ([0-9A-F]+)/g)].map(([, fingerprint = '']) => fingerprint));
}

function fingerprintsOf(pem: string): string {
  return inOrder(certificatesIn(pem).map(fingerprintOf));
}

function inOrder(fingerprints: readonly string[]): string {
  return [...new Set(fingerprints)].sort().join(' ');
}

/** Replaces all entries of a list or a map at once: no connection ever meets half of it. */
export function entriesDelivery(path: string, entries: readonly string[]): Delivery {
  const kind = isMap(path) ? 'map' : 'acl';
  return async (socket) => {
    const version = await prepare(socket, `prepare ${kind} ${path}`);
    const add = `add ${kind} @${version} ${path}`;
    for (const commands of batches(entries.map((entry) => `${add} ${entry}`)))
      expectReply(silence, add, await socket.ask(commands));
    const commit = `commit ${kind} @${version} ${path}`;
    expectReply(silence, commit, await socket.ask(commit));
  };
}

const silence = /^\s*$/;

async function prepare(socket: RuntimeSocket, command: string): Promise<string> {
  const reply = await socket.ask(command);
  const [, version] = /New version created: (\d+)/.exec(reply) ?? [];
  if (version === undefined) throw new RefusedCommandError(command, reply);
  return version;
}

function expectReply(expected: RegExp, command: string, reply: string): void {
  if (!expected.test(reply)) throw new RefusedCommandError(command, reply);
}

/** As many commands in one go as fit. */
function batches(commands: readonly string[]): readonly string[] {
  const all: string[] = [];
  for (const command of commands) {
    const last = all.at(-1);
    if (last !== undefined && last.length + command.length < mostBytesAtOnce)
      all[all.length - 1] = `${last};${command}`;
    else all.push(command);
  }
  return all;
}
