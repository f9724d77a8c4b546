import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, isProcessAlive, type ProcessIdentity } from '@capstan/controlplane';
import { UserError } from '../failure.ts';

/** The files of one local control plane, by its name. */
export interface InstanceFiles {
  readonly name: string;
  readonly dir: string;
  /** Everything the control plane itself keeps: keys, data, logs, the kubeconfig. */
  readonly planeDir: string;
  readonly stateFile: string;
  readonly log: string;
  /** Held by whoever starts or stops the instance. */
  readonly lock: string;
}

/** What an instance that answers is made of. */
export interface RunningInstance {
  readonly version: string;
  readonly server: string;
  readonly nodes: 'kwok' | 'none';
  readonly kubeconfig: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly pids: readonly number[];
}

/** What the process that keeps an instance up last wrote about it. */
export type InstanceState =
  | { readonly phase: 'starting'; readonly keeper: ProcessIdentity }
  | ({ readonly phase: 'running'; readonly keeper: ProcessIdentity } & RunningInstance)
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly reason: string };

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Finds the files of an instance. Throws a UserError for a name that is no DNS label of at most 40 characters. */
export function instanceFiles(name: string): InstanceFiles {
  if (!NAME.test(name))
    throw new UserError(`"${name}" is no name for a control plane: use at most 40 of a-z, 0-9 and -`);
  const root = instancesRoot();
  const dir = join(root, name);
  return {
    name,
    dir,
    planeDir: join(dir, 'plane'),
    stateFile: join(dir, 'state.json'),
    log: join(dir, 'keeper.log'),
    lock: join(root, `${name}.lock`),
  };
}

/** The names of all instances that have left something on this machine, sorted. */
export async function instanceNames(): Promise<string[]> {
  await mkdir(instancesRoot(), { recursive: true, mode: 0o700 });
  const entries = await readdir(instancesRoot(), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/**
 * The state of an instance as it is now; undefined when there is none. A state whose keeper is gone without a word reads
 * as failed: it was killed, or the machine went down.
 */
export async function readState(files: InstanceFiles): Promise<InstanceState | undefined> {
  let text: string;
  try {
    text = await readFile(files.stateFile, 'utf8');
  } catch {
    // No file, no instance.
    return undefined;
  }
  // Written by writeState below and by nobody else, as a whole.
  const state = JSON.parse(text) as InstanceState;
  if (!('keeper' in state) || (await isProcessAlive(state.keeper))) return state;
  return { phase: 'failed', reason: 'the process that kept it up was killed' };
}

/** Replaces the state in one step, so that a reader never sees half of it. */
export async function writeState(files: InstanceFiles, state: InstanceState): Promise<void> {
  await mkdir(files.dir, { recursive: true, mode: 0o700 });
  const draft = `${files.stateFile}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, files.stateFile);
}

/** Removes what is left of an instance besides its control plane's own directory. */
export async function forgetInstance(files: InstanceFiles): Promise<void> {
  await rm(files.dir, { recursive: true, force: true });
}

function instancesRoot(): string {
  return join(cacheDirectory(), 'instances');
}
