import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from '@capstan/controlplane';
import { DruidError } from './druid-error.ts';

/** Temporary directories are named with this in front, so that ones left by a killed process can be found. */
const PREFIX = 'capstan-druid-';
const OWNER_FILE = 'owner.json';

/** A directory that is ours until it is released. */
export interface InstanceDirectory {
  readonly dir: string;
  /** Whether it goes when the instance stops. */
  readonly temporary: boolean;
}

/**
 * Makes the directory of an instance (mode 0700) and marks it as owned by this process: `dir`, which is kept, or a temporary one.
 * @throws {DruidError} `InvalidOption` when a living process owns `dir`
 */
export async function claimDirectory(dir: string | undefined): Promise<InstanceDirectory> {
  await removeAbandoned();
  const at = dir ?? (await mkdtemp(join(tmpdir(), PREFIX)));
  await mkdir(at, { recursive: true, mode: 0o700 });
  const owner = await readOwner(at);
  if (owner !== undefined && (await isProcessAlive(owner))) {
    throw new DruidError(
      'InvalidOption',
      `${at} is in use by the Druid of process ${owner.pid}: choose another directory`,
    );
  }
  await writeFile(join(at, OWNER_FILE), JSON.stringify(await identifyProcess(process.pid)), { mode: 0o600 });
  return { dir: at, temporary: dir === undefined };
}

/** Gives the directory up: removes it when it is temporary, else only the mark of ownership. */
export async function releaseDirectory({ dir, temporary }: InstanceDirectory): Promise<void> {
  if (temporary) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  else await rm(join(dir, OWNER_FILE), { force: true });
}

/** Removes the temporary directories of instances whose process was killed before it could clean up. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = await readOwner(join(tmpdir(), name));
    if (owner !== undefined && !(await isProcessAlive(owner))) {
      await releaseDirectory({ dir: join(tmpdir(), name), temporary: true });
    }
  }
}

/** Who owns the directory; undefined when nobody said so, or the note cannot be read (another user's, half written). */
async function readOwner(dir: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(dir, OWNER_FILE), 'utf8').catch(() => '');
  const found = /^\{"pid":(\d+),"started":"([^"]*)"\}$/.exec(text);
  return found === null ? undefined : { pid: Number(found[1]), started: found[2] ?? '' };
}
