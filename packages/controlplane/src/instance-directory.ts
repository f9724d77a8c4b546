import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRecord } from './admin-api.ts';
import { type InstancePaths, instancePaths, LONGEST_SOCKET_PATH } from './component-arguments.ts';
import { ControlPlaneError, systemErrorCode } from './control-plane-error.ts';
import { removeHostPathVolumes } from './host-path-volumes.ts';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

/** Temporary instance directories are named with this in front, so that ones left by a killed process can be found. */
const PREFIX = 'capstan-control-plane-';
const OWNER_FILE = 'owner.json';

/** A directory that is ours until it is released. */
export interface InstanceDirectory {
  readonly paths: InstancePaths;
  /** Whether it goes when the instance stops. */
  readonly temporary: boolean;
}

/**
 * Makes the directory of an instance (mode 0700) and marks it as owned by this process.
 *
 * With `dir`, that directory is used and kept, data and keys of an earlier run included. Throws `InvalidOption` when a
 * living process owns it already. Without, a new temporary one is made.
 */
export async function claimInstanceDirectory(dir: string | undefined): Promise<InstanceDirectory> {
  const at = dir ?? (await mkdtemp(join(tmpdir(), PREFIX)));
  await mkdir(at, { recursive: true, mode: 0o700 });
  const owner = await readOwner(at);
  if (owner !== undefined && (await isProcessAlive(owner))) {
    throw new ControlPlaneError(
      'InvalidOption',
      `${at} is in use by the control plane of process ${owner.pid}: choose another directory`,
    );
  }
  await writeFile(join(at, OWNER_FILE), JSON.stringify(await identifyProcess(process.pid)), { mode: 0o600 });
  const socketDir = await socketDirectory(at);
  await awaitPredecessor(socketDir);
  const paths = instancePaths(at, socketDir, randomBytes(2).toString('hex'));
  await Promise.all([paths.logs, paths.kubeconfigs].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  return { paths, temporary: dir === undefined };
}

/** Gives the directory up: removes it with its volumes when it is temporary, else only the mark of ownership. */
export async function releaseInstanceDirectory(directory: InstanceDirectory): Promise<void> {
  const { dir, etcdSocket } = directory.paths;
  if (!etcdSocket.startsWith(dir)) await rm(join(etcdSocket, '..'), { recursive: true, force: true });
  if (directory.temporary) await removeInstanceDirectory(dir);
  else await rm(join(dir, OWNER_FILE), { force: true });
}

/** Removes a stopped instance: its directory, and the host-path volumes that its claims were bound to. */
export async function removeInstanceDirectory(dir: string): Promise<void> {
  await removeHostPathVolumes(instancePaths(dir).etcdData);
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes the temporary directories of instances whose process was killed before it could clean up. */
export async function removeAbandonedDirectories(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = await readOwner(join(tmpdir(), name));
    if (owner !== undefined && !(await isProcessAlive(owner))) await removeInstanceDirectory(join(tmpdir(), name));
  }
}

/*
 * After kill -9 of an owner its components need a moment to end. Somebody who starts again at once must not meet them: an old
 * etcd still writes what its API server told it last, an old API server holds the port.
 */
const PREDECESSOR_LIMIT_MS = 15_000;

/** Waits until no etcd of an earlier run answers, and removes the sockets that such runs left. */
async function awaitPredecessor(socketDir: string): Promise<void> {
  const left = (await readdir(socketDir)).filter((name) => /^(etcd|peer)-[0-9a-f]{4}\.sock$/.test(name));
  for (const path of left.map((name) => join(socketDir, name))) {
    const gone = async (): Promise<boolean> => !(await isListening(path));
    const inTime = await waitUntil(gone, { timeoutMs: PREDECESSOR_LIMIT_MS, intervalMs: 50 });
    if (!inTime) {
      const message = `an etcd of an earlier run still answers at ${path}: end it, then try again`;
      throw new ControlPlaneError('StartFailed', message);
    }
    await rm(path, { force: true });
  }
}

function isListening(socketPath: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    // No such file, or nobody behind it.
    socket.once('error', () => answer(false));
  });
}

/** Where the sockets go: the instance itself, or where its path is too long, a short directory that is always the same one. */
async function socketDirectory(dir: string): Promise<string> {
  if (instancePaths(dir).etcdPeerSocket.length <= LONGEST_SOCKET_PATH) return dir;
  const short = join('/tmp', `capstan-${createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 24)}`);
  await mkdir(short, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(short);
  // In /tmp anybody may have made it first; whoever can enter it could read every Secret.
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw new ControlPlaneError(
      'StartFailed',
      `${short} belongs to another user or is open to others: remove it, or use a directory with a shorter path than ${dir}`,
    );
  }
  return short;
}

/** Who owns the directory; undefined when nobody said so, or the note cannot be read (another user's directory, half written). */
async function readOwner(dir: string): Promise<ProcessIdentity | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(dir, OWNER_FILE), 'utf8'));
    if (!isRecord(owner)) return undefined;
    const { pid, started } = owner;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
