import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRecord } from './admin-api.ts';
import { systemErrorCode } from './control-plane-error.ts';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const DAY_MS = 86_400_000;

/** What to do about somebody else holding the lock. */
export interface LockOptions {
  /** Told once, with the holder's process id, when there is somebody to wait for. */
  readonly onWait?: (holder: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other process runs work under the same lock file. A lock whose owner died is taken over.
 *
 * It saves doing the same work twice; what must not be half done has to be made whole by the work itself (rename into
 * place), because two processes that take over the same dead lock in the same instant may both succeed.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const self = await identifyProcess(process.pid);
  let told = false;
  const acquire = async (): Promise<boolean> => {
    if (await create(file, JSON.stringify(self))) return true;
    const holder = await readHolder(file);
    if (holder === undefined || !(await isProcessAlive(holder))) {
      await discard(file);
      return await create(file, JSON.stringify(self));
    }
    if (!told) options.onWait?.(holder.pid);
    told = true;
    return false;
  };
  await waitUntil(acquire, { timeoutMs: DAY_MS, intervalMs: 100, signal: options.signal });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Creates the file with its whole content at once, or not at all: a reader never sees it half written. */
async function create(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The holder; undefined when the file has just gone, or is not a lock of ours. */
async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isRecord(holder)) return undefined;
    const { pid, started } = holder;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function discard(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
