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

/** Replaces a server's certificate and key. Connections that are open stay as they are. */
export function certificateDelivery(path: string, pem: string): Delivery {
  return (socket) => replacePem(socket, 'cert', path, pem);
}

/**
 * Replaces the authorities that clients' certificates are verified against, where they differ from what HAProxy has.
 * Connections that are open stay.
 */
export function authoritiesDelivery(path: string, pem: string): Delivery {
  return async (socket) => {
    const known = fingerprintsIn(await socket.ask(`show ssl ca-file ${path}`));
    // Before 3.2.7 each of these commits has its price; see below.
    if (known !== fingerprintsOf(pem)) await replacePem(socket, 'ca-file', path, pem);
  };
}

async function replacePem(socket: RuntimeSocket, what: 'cert' | 'ca-file', path: string, pem: string): Promise<void> {
  const set = `set ssl ${what} ${path}`;
  const commit = `commit ssl ${what} ${path}`;
  if (pem.length > mostBytesAtOnce)
    throw new NewWorkerNeededError(set, `${pem.length} bytes are more than the ${mostBytesAtOnce} it takes at once`);
  expectReply(/^\s*transaction (created|updated)/i, set, await socket.ask(`${set} <<\n${pem}\n`));
  const reply = await socket.ask(commit);
  expectReply(/Success!/, commit, reply);
  // Each listener that takes it up is a dot. In older versions (github.com/haproxy/haproxy/issues/3165) none does any more
  // once authorities have been replaced, though it says success, and replacing those again would crash it.
  if (!reply.includes(`${path}.`)) throw new NewWorkerNeededError(commit, 'no listener has taken it up');
}

function fingerprintsIn(reply: string): string {
  return inOrder([...reply.matchAll(/SHA1 FingerPrint: ([0-9A-F]+)/g)].map(([, fingerprint = '']) => fingerprint));
}

function fingerprintsOf(pem: string): string {
  const certificates = pemBlocks(pem, /^CERTIFICATE$/).map((one) => new X509Certificate(one));
  return inOrder(certificates.map(({ fingerprint }) => fingerprint.replaceAll(':', '')));
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
