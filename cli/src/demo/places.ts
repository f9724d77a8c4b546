import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ControlPlane,
  identifyProcess,
  isProcessAlive,
  type ProcessIdentity,
  removeInstanceDirectory,
} from '@capstan/controlplane';
import { capstanProgram } from './repository.ts';

const prefix = 'capstan-demo-';
/** Stands in a directory for as long as its run needs it; gone from those of which only logs are kept. */
const ownerFile = 'owner.json';

/** Where one run of the demo keeps things, inside its directory. */
export interface Places {
  readonly controlPlane: string;
  /** Of the cluster that the first one is federated with. */
  readonly secondControlPlane: string;
  /** Holds a directory for each exhibit that starts something of its own. */
  readonly backstage: string;
  /** Holds kubectl and capstan, for the person's PATH. */
  readonly bin: string;
  /** What a shell reads to use them. */
  readonly env: string;
}

/** The places inside a demo's directory. */
export function places(dir: string): Places {
  return {
    controlPlane: join(dir, 'control-plane'),
    secondControlPlane: join(dir, 'second-control-plane'),
    backstage: join(dir, 'backstage'),
    bin: join(dir, 'bin'),
    env: join(dir, 'env'),
  };
}

/** The log of an operator, by its name. */
export function operatorLog(dir: string, name: string): string {
  return join(dir, `${name}.log`);
}

/** Makes the directory of a new run, readable for its owner only, and marks it as ours while this process lives. */
export async function makeDemoDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(dir, ownerFile), JSON.stringify(await identifyProcess(process.pid)));
  return dir;
}

/** Removes what runs left that were killed before they could clean up. Logs kept of failed runs stay. */
export async function removeAbandonedDemos(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const dir of names.map((name) => join(tmpdir(), name))) {
    const owner = await readOwner(dir);
    if (owner !== undefined && !(await isProcessAlive(owner))) await removeDemoDirectory(dir);
  }
}

/** Puts a kubectl of the right version, and capstan, where a shell finds them after `. env`. */
export async function offerCommands(dir: string, { binaries, kubeconfig }: ControlPlane): Promise<void> {
  const { bin, env } = places(dir);
  await mkdir(bin);
  await symlink(binaries.kubectl, join(bin, 'kubectl'));
  await symlink(capstanProgram, join(bin, 'capstan'));
  await writeFile(env, `export KUBECONFIG='${kubeconfig}'\nexport PATH='${bin}':"$PATH"\n`);
}

/** Removes everything a run kept, the volumes of its pods included. Nothing may run any more. */
export async function removeDemoDirectory(dir: string): Promise<void> {
  for (const plane of controlPlanes(dir)) await removeInstanceDirectory(plane);
  await rm(dir, { recursive: true, force: true });
}

/** Removes what a failed run kept, except its logs. Gives where those are, or undefined when the run never came to have any. */
export async function keepOnlyLogs(dir: string): Promise<string | undefined> {
  const { controlPlane, secondControlPlane, backstage, bin, env } = places(dir);
  const hasLogs = await stat(join(controlPlane, 'logs')).then(
    () => true,
    () => false,
  );
  if (!hasLogs) {
    await removeDemoDirectory(dir);
    return undefined;
  }
  const logs = join(dir, 'logs');
  await cp(join(controlPlane, 'logs'), logs, { recursive: true });
  await copyLogs(secondControlPlane, join(logs, 'second-control-plane'));
  for (const plane of controlPlanes(dir)) await removeInstanceDirectory(plane);
  await keepBackstageLogs(backstage, logs);
  for (const gone of [bin, env, join(dir, ownerFile)]) await rm(gone, { recursive: true, force: true });
  return dir;
}

function controlPlanes(dir: string): readonly string[] {
  const { controlPlane, secondControlPlane } = places(dir);
  return [controlPlane, secondControlPlane];
}

/** One that never came so far has none. */
async function copyLogs(of: string, to: string): Promise<void> {
  await cp(join(of, 'logs'), to, { recursive: true }).catch(() => {});
}

/** The logs of each exhibit come into a directory of its name. */
async function keepBackstageLogs(backstage: string, logs: string): Promise<void> {
  const names = await readdir(backstage).catch(() => []);
  for (const name of names) await copyLogs(join(backstage, name), join(logs, name));
  await rm(backstage, { recursive: true, force: true });
}

/** The process that made the directory; undefined where nothing readable says so, such as in another user's. */
async function readOwner(dir: string): Promise<ProcessIdentity | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(dir, ownerFile), 'utf8'));
    return isProcessIdentity(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isProcessIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null || !('pid' in value && 'started' in value)) return false;
  return typeof value.pid === 'number' && typeof value.started === 'string';
}
