import { cp, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeInstanceDirectory } from '@capstan/controlplane';

/** Where one run of the demo keeps things, inside its directory. */
export interface Places {
  readonly controlPlane: string;
  readonly operatorLog: string;
  /** Holds kubectl, for the person's PATH. */
  readonly bin: string;
}

/** The places inside a demo's directory. */
export function places(dir: string): Places {
  return {
    controlPlane: join(dir, 'control-plane'),
    operatorLog: join(dir, 'streambus-operator.log'),
    bin: join(dir, 'bin'),
  };
}

/** Makes the directory of a new run, readable for its owner only. */
export function makeDemoDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'capstan-demo-'));
}

/** Puts a kubectl of the right version where its path is short enough to read. */
export async function offerKubectl(dir: string, kubectl: string): Promise<void> {
  const { bin } = places(dir);
  await mkdir(bin);
  await symlink(kubectl, join(bin, 'kubectl'));
}

/** Removes everything a run kept, the volumes of its pods included. Nothing may run any more. */
export async function removeDemoDirectory(dir: string): Promise<void> {
  await removeInstanceDirectory(places(dir).controlPlane);
  await rm(dir, { recursive: true, force: true });
}

/** Removes what a failed run kept, except its logs. Gives where those are, or undefined when the run never came to have any. */
export async function keepOnlyLogs(dir: string): Promise<string | undefined> {
  const { controlPlane, bin } = places(dir);
  const hasLogs = await stat(join(controlPlane, 'logs')).then(
    () => true,
    () => false,
  );
  if (!hasLogs) {
    await removeDemoDirectory(dir);
    return undefined;
  }
  await cp(join(controlPlane, 'logs'), join(dir, 'logs'), { recursive: true });
  await removeInstanceDirectory(controlPlane);
  await rm(bin, { recursive: true, force: true });
  return dir;
}
